import type { Item } from './items.ts'

/** Everything in an item that a person could look for: what was said, and a call's arguments, output and result. */
export function searchTextOf(item: Item): string {
  switch (item.type) {
    case 'message':
      return item.text
    case 'event':
      return [item.text, item.error?.message].filter(Boolean).join('\n')
    case 'question':
      return [...item.questions.map((question) => question.text), ...(item.answers ?? []).map((answer) => answer.text)].join('\n')
    case 'approval':
      return [item.approval.title, ...stringsIn(item.approval.args)].join('\n')
    case 'tool_call':
      return [...stringsIn(item.args), item.output ?? '', ...stringsIn(item.result), item.error?.message ?? ''].join('\n')
  }
}

/** Whether an item holds a text, in upper or lower case. */
export const holdsText = (item: Item, query: string) => searchTextOf(item).toLowerCase().includes(query.toLowerCase())

/** How much of a text an excerpt shows before what was found, and behind where that begins. */
const around = { before: 30, behind: 100 }

/** The words of an item around where it first holds a text, in one line; its beginning when it does not. */
export function excerptOf(item: Item, query: string): string {
  const text = searchTextOf(item).replaceAll(/\s+/g, ' ').trim()
  const at = Math.max(0, text.toLowerCase().indexOf(query.trim().replaceAll(/\s+/g, ' ').toLowerCase()))
  const from = at <= around.before ? 0 : at - around.before
  const to = at + around.behind
  return `${from > 0 ? '…' : ''}${wholeCharacters(text, from, to)}${to < text.length ? '…' : ''}`
}

/** Where a line holds a text, as offsets `[from, to)`, at most ten. Empty where its lower case has another length. */
export function marksIn(line: string, query: string): [number, number][] {
  const [within, wanted] = [line.toLowerCase(), query.trim().replaceAll(/\s+/g, ' ').toLowerCase()]
  const marks: [number, number][] = []
  if (wanted === '' || within.length !== line.length) return marks
  for (let at = within.indexOf(wanted); at >= 0 && marks.length < 10; at = within.indexOf(wanted, at + wanted.length))
    marks.push([at, at + wanted.length])
  return marks
}

/** A slice that leaves no half of a character at either end. */
function wholeCharacters(text: string, from: number, to: number): string {
  return text.slice(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
}

/** Fields of arguments and results that say something to programs alone. */
const internal = /^(?:id|status|type|kind|mime|mode|hash|sha)$|Id$|Ids$/
const isId = (text: string) => /^[a-z]{3,4}_[0-9a-f-]{20,}$/.test(text)

/** What a person could have read: no ids, and no words of the wire. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return isId(value) ? [] : [value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([field, held]) => (internal.test(field) ? [] : stringsIn(held)))
}
