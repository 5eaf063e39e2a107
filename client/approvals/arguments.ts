import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

/** One argument as people read it. `text` is exact, never shortened. */
export type Argument = { field: string; label: string; text: string; editable: boolean }

const named = ['command', 'path', 'content', 'old', 'new', 'code', 'pattern', 'port', 'to', 'subject', 'url', 'cwd', 'timeoutMs'] as const
type Named = (typeof named)[number]
const isNamed = (field: string): field is Named => (named as readonly string[]).includes(field)

const labelOf = (field: string) => (isNamed(field) ? t(`argument.${field}`) : field.replace(/^./, (first) => first.toUpperCase()))

function textOf(field: string, value: unknown): string {
  if (field === 'timeoutMs' && typeof value === 'number') return t('seconds', { count: value / 1000 })
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
}

/** What a call is about comes first: the database keeps no order of its own. */
const placeOf = (field: string) => (isNamed(field) ? named.indexOf(field) : named.length)

/** The arguments of a call, line by line. */
export function argumentsOf(args: unknown): Argument[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    return [{ field: '', label: t('arguments'), text: JSON.stringify(args, null, 2) ?? '', editable: false }]
  }
  return Object.entries(args)
    .filter(([, value]) => value !== undefined && value !== null)
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([field, value]) => ({ field, label: labelOf(field), text: textOf(field, value), editable: typeof value === 'string' }))
}

/** The arguments with the texts that were edited put in. */
export const withEdits = (args: unknown, edits: Record<string, string>): unknown =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? { ...args, ...edits } : args
