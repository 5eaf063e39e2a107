import {
  AppWindow,
  Braces,
  FilePen,
  FilePlus,
  FileSearch,
  FolderOpen,
  Globe,
  Lightbulb,
  ListChecks,
  Megaphone,
  MessageCircleQuestion,
  MousePointerClick,
  Search,
  SquareTerminal,
  Wrench,
  type LucideIcon,
} from 'lucide-react'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { t } from '../i18n/translate.ts'
import { computerAction } from './computer-action.ts'

/** What a call does, whatever its tool is called. */
export type ToolKind =
  | 'list'
  | 'read'
  | 'write'
  | 'edit'
  | 'search'
  | 'shell'
  | 'python'
  | 'terminal'
  | 'readTerminal'
  | 'plan'
  | 'ask'
  | 'preview'
  | 'desktop'
  | 'fetch'
  | 'suggest'
  | 'tell'
  | 'other'

const kinds: Record<string, ToolKind> = {
  list_files: 'list',
  read_file: 'read',
  write_file: 'write',
  edit_file: 'edit',
  search_files: 'search',
  run_command: 'shell',
  run_python: 'python',
  open_terminal: 'terminal',
  read_terminal: 'readTerminal',
  update_todos: 'plan',
  ask_people: 'ask',
  start_preview: 'preview',
  computer: 'desktop',
  fetch: 'fetch',
  ui_open_tab: 'suggest',
  ui_notify: 'tell',
}
const icons: Record<ToolKind, LucideIcon> = {
  list: FolderOpen,
  read: FileSearch,
  write: FilePlus,
  edit: FilePen,
  search: Search,
  shell: SquareTerminal,
  python: Braces,
  terminal: SquareTerminal,
  readTerminal: SquareTerminal,
  plan: ListChecks,
  ask: MessageCircleQuestion,
  preview: AppWindow,
  desktop: MousePointerClick,
  fetch: Globe,
  suggest: Lightbulb,
  tell: Megaphone,
  other: Wrench,
}
/** The arguments that say what a call is about. */
const says: Partial<Record<ToolKind, string[]>> = {
  list: ['path'],
  read: ['path'],
  write: ['path'],
  edit: ['path'],
  search: ['pattern', 'path'],
  shell: ['command'],
  python: ['code'],
  terminal: ['command', 'title'],
  readTerminal: [],
  plan: [],
  ask: [],
  preview: ['port'],
  desktop: [],
  fetch: ['url'],
  suggest: ['tab'],
  tell: ['message'],
}

export const kindOf = (name: string): ToolKind => (Object.hasOwn(kinds, name) ? (kinds[name] ?? 'other') : 'other')

export function toolTitle(name: string): string {
  const kind = kindOf(name)
  return kind === 'other' ? name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()) : t(`trajectory:tool.${kind}`)
}

export function ToolIcon({ name }: { name: string }) {
  const Icon = icons[kindOf(name)]
  return <Icon size={15} strokeWidth={1.75} className="shrink-0 text-fg-3" aria-hidden />
}

export const fieldsOf = (args: unknown): Record<string, unknown> =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Record<string, unknown>) : {}
export const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Whether what a call is about is a path, a command or a pattern, to be set as code. */
export const subjectIsCode = (name: string, args: unknown) =>
  !['plan', 'ask', 'preview', 'desktop', 'suggest', 'tell'].includes(kindOf(name)) &&
  !(kindOf(name) === 'python' && pythonTitle(textOf(fieldsOf(args).code)))

/** A first line that is a comment tells what the code is for. */
const pythonTitle = (code: string) => /^\s*#\s*(\S.*)/.exec(code.split('\n')[0] ?? '')?.[1]

/** The one thing a call is about, as it is: the command, the path, the pattern. */
export function toolSubject(name: string, args: unknown): string {
  const fields = fieldsOf(args)
  const kind = kindOf(name)
  if (kind === 'plan') return t('trajectory:steps', { count: listOf(fields.todos).length })
  if (kind === 'ask') return textOf(fieldsOf(listOf(fields.questions)[0]).text)
  if (kind === 'desktop') return computerAction(fields)
  if (kind === 'terminal') return firstLine(textOf(fields.command) || textOf(fields.title))
  if (kind === 'list' && !fields.path) return '/'
  if (kind === 'python') return pythonTitle(textOf(fields.code)) ?? firstLine(textOf(fields.code))
  const values = (says[kind] ?? Object.keys(fields).slice(0, 1))
    .map((field) => fields[field])
    .filter((value) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .map((value) => firstLine(String(value)))
  return kind === 'search' && values.length > 1 ? t('trajectory:searchIn', { pattern: values[0], path: values[1] }) : values.join(' ')
}

const firstLine = (text: string) => text.trimStart().split('\n')[0] ?? ''

/** The same, while the arguments are still being written: the first value of a field that says it. */
export function partialSubject(name: string, json: string): string {
  for (const field of says[kindOf(name)] ?? []) {
    const found = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json)
    if (found?.[1]) return found[1].replaceAll('\\n', ' ').replaceAll('\\"', '"')
  }
  return ''
}

/** What came of a call, in a few words, where its result tells: "42 lines", "5 matches", "6 passed". */
export function outcomeOf(item: ToolCallItem): string {
  if (item.status !== 'ok') return ''
  const result = fieldsOf(item.result)
  switch (kindOf(item.name)) {
    case 'read':
      return typeof result.lines === 'number' ? t('trajectory:lines', { count: result.lines }) : ''
    case 'list':
      return Array.isArray(result.entries) ? t('trajectory:entries', { count: result.entries.length + (Number(result.omitted) || 0) }) : ''
    case 'search':
      return Array.isArray(result.matches) ? t('trajectory:matches', { count: result.matches.length }) : ''
    case 'shell':
      return testsIn(item.output ?? textOf(result.output))
    default:
      return ''
  }
}

/** The count that a test runner ends with; it is said in the runner's own words. */
const testsIn = (output: string) => /\b(\d+ (?:passed|failed))\b/.exec(output.slice(-2000))?.[1] ?? ''
