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
      return [item.approval.title, item.approval.tool, ...stringsIn(item.approval.args)].join('\n')
    case 'tool_call':
      return [item.name, ...stringsIn(item.args), item.output ?? '', ...stringsIn(item.result), item.error?.message ?? ''].join('\n')
  }
}

/** Whether an item holds a text, in upper or lower case. */
export const holdsText = (item: Item, query: string) => searchTextOf(item).toLowerCase().includes(query.toLowerCase())

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
