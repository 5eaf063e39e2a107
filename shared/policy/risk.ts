import { cutAfter } from '../base/cut.ts'
import { judgePart } from './judge-part.ts'
import { absolute, isSecret, placeOf, workspace } from './places.ts'
import { judgePython } from './python.ts'
import type { Reason, ReasonCode, Risk } from './reason.ts'
import { reasonLimits, sortedReasons, strictest } from './reason.ts'
import type { ShellPart } from './shell.ts'
import { readShell } from './shell.ts'
import { programOf } from './wrappers.ts'

/** A call as it would run. */
export type CallToJudge = { tool: string; args: unknown }
export type Judgement = { risk: Risk; reasons: Reason[] }

/**
 * How risky a call is, by what it does, and why. Pure; never throws. What cannot be read for certain is never low.
 * @param declared the tool's own risk, for tools that are not known here
 */
export function riskOf({ tool, args }: CallToJudge, declared: Risk = 'high'): Judgement {
  const given = typeof args === 'object' && args !== null ? (args as Record<string, unknown>) : {}
  const judge = Object.hasOwn(tools, tool) ? tools[tool] : undefined
  if (!judge) return { risk: declared, reasons: [] }
  const found = judge(given)
  return { risk: strictest(found.map((reason) => reason.risk)), reasons: sortedReasons(found) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A line of the shell: each part is judged, the strictest wins. */
export function judgeShell(line: string, cwd?: string): Reason[] {
  const { parts, unreadable } = readShell(line)
  const unread = unreadable.map(({ text, at }): Reason => ({ code: 'unreadable', risk: 'high', text: cutAfter(text, reasonLimits.text), at }))
  let folder = cwd === undefined || cwd === '' ? workspace : absolute(cwd, workspace)
  const judged = parts.flatMap((part) => {
    const reasons = judgePart(part, folder)
    folder = folderAfter(part, folder)
    return reasons
  })
  return [...unread, ...judged]
}

/** Where relative paths are meant from here on. One that is left again still counts: no way back is followed. */
function folderAfter({ words }: ShellPart, folder: string | undefined): string | undefined {
  const name = programOf(words[0])
  if (name !== 'cd' && name !== 'pushd') return folder
  const target = words.slice(1).find(({ text }) => !/^-[LPe@]+$/.test(text))
  if (!target) return workspace
  return target.literal && !target.glob && target.text !== '-' ? absolute(target.text, folder) : undefined
}

/** Lines of a cell that the shell gets: `!ls`, `%pip install`, `%%bash`. The rest is Python. */
function judgeCell(code: string): Reason[] {
  const cell = /^\s*%%(bash|sh|script\b.*|!)[^\n]*\n/.exec(code)
  if (cell) return judgeShell(code.slice(cell[0].length)).map((reason) => shifted(reason, cell[0].length))
  const found: Reason[] = []
  let python = code
  for (const match of code.matchAll(
    /^([ \t]*(?:\w+\s*=\s*)?)(!!?|%sx\s|%system\s|%(?=pip|conda|cd|rm|cp|mv|mkdir|ls|cat|run|load|writefile))([^\n]*)$/gm,
  )) {
    const offset = (match.index ?? 0) + (match[1] ?? '').length + (match[2] ?? '').length
    found.push(...judgeShell((match[3] ?? '').replaceAll(/\{[^}]*\}/g, '"$x"')).map((reason) => withText(shifted(reason, offset), match[3] ?? '')))
    python = python.slice(0, match.index) + ' '.repeat(match[0].length) + python.slice((match.index ?? 0) + match[0].length)
  }
  return [...found, ...judgePython(python, workspace)]
}

const shifted = ({ at, ...reason }: Reason, by: number): Reason => ({ ...reason, ...(at && { at: { from: at.from + by, to: at.to + by } }) })
const withText = (reason: Reason, line: string): Reason => ({ ...reason, text: cutAfter(line.trim(), reasonLimits.text) })

const one = (code: ReasonCode, risk: Risk, text?: string): Reason[] => [{ code, risk, ...(text && { text: cutAfter(text, reasonLimits.text) }) }]

function judgeFile(path: string): Reason[] {
  if (placeOf(path, workspace) !== 'workspace') return one('outside_workspace', 'high', path)
  return isSecret(path) || /(^|\/)\.git\//.test(path) ? one('secrets', 'high', path) : one('edits_file', 'low', path)
}

/** What looks, and what acts. Typing and keys can do anything that a program under them does. */
function judgeDesktop(args: Record<string, unknown>): Reason[] {
  const actions = Array.isArray(args.actions) ? (args.actions as unknown[]) : [args]
  return actions.flatMap((action): Reason[] => {
    const { action: kind, text, target, key } = typeof action === 'object' && action !== null ? (action as Record<string, unknown>) : {}
    if (looks.has(textOf(kind))) return one('looks', 'low')
    if (kind === 'move' || kind === 'scroll') return one('acts_on_desktop', 'low')
    if (kind === 'open' && /^https?:/.test(textOf(target)) && !/^https?:\/\/(localhost|127\.\d+\.\d+\.\d+)([:/]|$)/.test(textOf(target)))
      return one('leaves_room', 'medium', textOf(target))
    return one('acts_on_desktop', 'medium', textOf(text) || textOf(target) || textOf(key))
  })
}
const looks = new Set(['screenshot', 'cursor', 'look', 'wait'])

const reads = () => one('reads', 'low')

const tools: Record<string, (args: Record<string, unknown>) => Reason[]> = {
  list_files: reads,
  read_file: ({ path }) => (isSecret(textOf(path)) ? one('secrets', 'medium', textOf(path)) : reads()),
  search_files: reads,
  read_terminal: reads,
  write_file: ({ path }) => judgeFile(textOf(path)),
  edit_file: ({ path }) => judgeFile(textOf(path)),
  update_todos: () => one('plans', 'low'),
  ask_people: () => one('talks', 'low'),
  ui_open_tab: () => one('talks', 'low'),
  ui_notify: () => one('talks', 'low'),
  start_preview: () => one('previews', 'low'),
  run_command: ({ command, cwd }) => judgeShell(textOf(command), typeof cwd === 'string' ? cwd : undefined),
  run_python: ({ code }) => judgeCell(textOf(code)),
  open_terminal: ({ command }) => (command === undefined ? one('opens_terminal', 'low') : judgeShell(textOf(command))),
  computer: judgeDesktop,
}
