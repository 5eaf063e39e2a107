import type { ToolCallItem } from '#shared/sessions/items.ts'
import type { Presentation, Words } from '#shared/sessions/presentation.ts'
import { serverText, t } from '../i18n/translate.ts'

const unsaid: Presentation = { kind: 'json' }

/** How a call is shown. One that was stored before calls said that is shown as its arguments and its result. */
export const presentationOf = ({ presentation }: ToolCallItem): Presentation => presentation ?? unsaid

/** What a call that does nothing known is called. */
export const nameOf = ({ name }: ToolCallItem): string => name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

/** What a call does, in a word or two. */
export function toolTitle(item: ToolCallItem): string {
  const { verb } = presentationOf(item)
  return verb ? t(`trajectory:tool.${verb}`) : serverText(item.title ?? nameOf(item))
}

/** In the reader's language; several things one after the other. */
export const sayWords = (words: readonly Words[] = []): string =>
  words.map((one) => ('text' in one ? one.text : t(`trajectory:${one.say}`, one.with))).join(t('trajectory:desktop.then'))

/** The one thing a call is about, as it is: the command, the path, the pattern. */
export const toolSubject = (item: ToolCallItem): string => sayWords(presentationOf(item).about)

/** Whether what a call is about is a path, a command or a pattern, to be set as code. */
export function subjectIsCode(item: ToolCallItem): boolean {
  const { about, saidBy } = presentationOf(item)
  return (about?.[0] ?? saidBy)?.isCode === true
}

/** The same, while the arguments are still being written: the first value of one that says it. */
export function partialSubject(args: readonly string[], json: string): string {
  for (const field of args) {
    const found = new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json)
    if (found?.[1]) return found[1].replaceAll('\\n', ' ').replaceAll('\\"', '"')
  }
  return ''
}

/** What came of a call, in a few words, where its tool tells: "42 lines", "5 matches", "6 passed". */
export function outcomeOf(item: ToolCallItem): string {
  const { outcome } = presentationOf(item)
  return outcome ? sayWords([outcome]) : ''
}

export const fieldsOf = (args: unknown): Record<string, unknown> =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Record<string, unknown>) : {}
export const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
