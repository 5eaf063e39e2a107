import { cutAfter } from '../base/cut.ts'
import type { ShellPart, ShellWord } from './shell.ts'
import type { Place } from './places.ts'
import { namesSecret, placeOfWord } from './places.ts'
import type { Reason, ReasonCode, Risk } from './reason.ts'
import { reasonLimits } from './reason.ts'

/** A finding about one part: what it does, and how bad that is. */
export type Finding = { code: ReasonCode; risk: Risk }

/** A part on its own, as the rules of commands see it. */
export type Judged = {
  name: string
  /** Behind the name. */
  args: readonly ShellWord[]
  part: ShellPart
  /** In which relative paths are meant; undefined when nobody knows. */
  folder: string | undefined
}

export const low = (code: ReasonCode): Finding => ({ code, risk: 'low' })
export const medium = (code: ReasonCode): Finding => ({ code, risk: 'medium' })
export const high = (code: ReasonCode): Finding => ({ code, risk: 'high' })

export const hasOption = (args: readonly ShellWord[], pattern: RegExp): boolean => args.some(({ text }) => pattern.test(text))

/** Arguments that are no options; what follows `--` counts as it is. */
export function operands(args: readonly ShellWord[]): ShellWord[] {
  const end = args.findIndex(({ text }) => text === '--')
  const before = end < 0 ? args : args.slice(0, end)
  return [...before.filter(({ text, literal }) => !(literal && /^-./.test(text))), ...(end < 0 ? [] : args.slice(end + 1))]
}

const byPlace: Record<Place, Finding[]> = {
  workspace: [medium('writes_files')],
  scratch: [medium('writes_files')],
  nothing: [],
  outside: [high('outside_workspace')],
  unknown: [high('unreadable')],
}

/** What writing to some paths comes to. */
export const writesTo = (paths: readonly ShellWord[], folder: string | undefined): Finding[] =>
  paths.flatMap((path) => [...byPlace[placeOfWord(path, folder)], ...(path.literal && namesSecret(path) ? [high('secrets')] : [])])

export function reasonOf({ code, risk }: Finding, { text, at }: Pick<ShellPart, 'text' | 'at'>): Reason {
  const line = text.trim()
  const short = line.length > reasonLimits.text ? `${cutAfter(line, reasonLimits.text - 1)}…` : line
  return { code, risk, ...(short !== '' && { text: short }), at }
}
