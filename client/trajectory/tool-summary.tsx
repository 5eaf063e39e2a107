import {
  AppWindow,
  Braces,
  FilePen,
  FilePlus,
  FileSearch,
  FolderOpen,
  Globe,
  ListChecks,
  MessageCircleQuestion,
  Monitor,
  SquareTerminal,
  Wrench,
  type LucideIcon,
} from 'lucide-react'

const known: Record<string, { title: string; icon: LucideIcon; says: string[] }> = {
  list_files: { title: 'List', icon: FolderOpen, says: ['path'] },
  read_file: { title: 'Read', icon: FileSearch, says: ['path'] },
  write_file: { title: 'Write', icon: FilePlus, says: ['path'] },
  edit_file: { title: 'Edit', icon: FilePen, says: ['path'] },
  search_files: { title: 'Search', icon: FileSearch, says: ['pattern', 'path'] },
  run_command: { title: 'Shell', icon: SquareTerminal, says: ['command'] },
  run_python: { title: 'Python', icon: Braces, says: ['code'] },
  update_todos: { title: 'Plan', icon: ListChecks, says: [] },
  ask_people: { title: 'Ask', icon: MessageCircleQuestion, says: [] },
  start_preview: { title: 'Preview', icon: AppWindow, says: ['port'] },
  computer: { title: 'Desktop', icon: Monitor, says: ['action'] },
  fetch: { title: 'Fetch', icon: Globe, says: ['url'] },
}

export const toolTitle = (name: string) => known[name]?.title ?? name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

export function ToolIcon({ name }: { name: string }) {
  const Icon = known[name]?.icon ?? Wrench
  return <Icon size={15} strokeWidth={1.75} className="shrink-0 text-fg-3" aria-hidden />
}

export const fieldsOf = (args: unknown): Record<string, unknown> =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Record<string, unknown>) : {}

/** The one thing a call is about, as it is: the command, the path, the pattern. */
export function toolSubject(name: string, args: unknown): string {
  const fields = fieldsOf(args)
  if (name === 'update_todos' && Array.isArray(fields.todos)) return fields.todos.length === 1 ? '1 step' : `${fields.todos.length} steps`
  if (name === 'list_files' && !fields.path) return '/'
  const says = known[name]?.says ?? Object.keys(fields).slice(0, 1)
  return says
    .map((field) => fields[field])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => String(value).split('\n')[0])
    .join(' in ')
}

/** The same, while the arguments are still being written: the first value of a field that says it. */
export function partialSubject(name: string, json: string): string {
  for (const field of known[name]?.says ?? []) {
    const found = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json)
    if (found?.[1]) return found[1].replaceAll('\\n', ' ').replaceAll('\\"', '"')
  }
  return ''
}

/** `exit 1`, for a command that ended with one. */
export function exitCodeOf(result: unknown): number | undefined {
  const { exitCode } = fieldsOf(result)
  return typeof exitCode === 'number' ? exitCode : undefined
}
