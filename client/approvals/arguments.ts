/** One argument as people read it. `text` is exact, never shortened. */
export type Argument = { field: string; label: string; text: string; editable: boolean }

const labels: Record<string, string> = {
  command: 'Command',
  cwd: 'Folder',
  timeoutMs: 'Time limit',
  path: 'Path',
  content: 'Content',
  old: 'Old text',
  new: 'New text',
  code: 'Code',
  pattern: 'Pattern',
  port: 'Port',
  to: 'To',
  subject: 'Subject',
  url: 'Address',
}

const labelOf = (field: string) => labels[field] ?? field.replace(/^./, (first) => first.toUpperCase())

/** The arguments of a call, line by line, in the order in which the model gave them. */
export function argumentsOf(args: unknown): Argument[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    return [{ field: '', label: 'Arguments', text: JSON.stringify(args, null, 2) ?? '', editable: false }]
  }
  return Object.entries(args)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([field, value]) => ({
      field,
      label: labelOf(field),
      text:
        field === 'timeoutMs' && typeof value === 'number' ? `${value / 1000} s` : typeof value === 'string' ? value : JSON.stringify(value, null, 2),
      editable: typeof value === 'string',
    }))
}

/** The arguments with the texts that were edited put in. */
export const withEdits = (args: unknown, edits: Record<string, string>): unknown =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? { ...args, ...edits } : args
