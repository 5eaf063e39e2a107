import type { Item } from '#shared/sessions/items.ts'
import { searchTextOf } from '#shared/sessions/search-text.ts'
import { plainText, readAnsi } from '../ui/ansi.ts'
import { eventText } from './event-text.ts'
import { fieldsOf, textOf, toolSubject, toolTitle } from './call-presentation.ts'

/** An item as plain text, to be copied or quoted. */
export function plainTextOf(item: Item): string {
  if (item.type === 'event') return eventText(item)
  if (item.type !== 'tool_call') return searchTextOf(item)
  const output = item.output ?? textOf(fieldsOf(item.result).output)
  const args = fieldsOf(item.args)
  const asked = textOf(args.command) || textOf(args.code) || toolSubject(item)
  return [`${toolTitle(item)} ${asked}`, plainText(readAnsi(output)), item.error?.message].filter(Boolean).join('\n')
}

/** Quoted lines, as Markdown writes them; of much, the beginning. */
export function quoteOf(text: string): string {
  const lines = text.trim().split('\n')
  const shown = lines.length > 12 ? [...lines.slice(0, 12), '…'] : lines
  return shown.map((line) => `> ${line}`).join('\n')
}
