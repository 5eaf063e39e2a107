import type { UserId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'

/** What one person said in a session, the newest first, the same twice in a row once. */
export function saidBy(items: readonly Item[], user: UserId): string[] {
  const said: string[] = []
  for (const item of items.toReversed()) {
    if (item.type !== 'message' || item.author.kind !== 'user' || item.author.id !== user) continue
    if (item.text !== said.at(-1)) said.push(item.text)
  }
  return said
}

export type Recall = {
  /** The next older message, or undefined when there is none or the box holds a text of its own. */
  older(text: string): string | undefined
  /** The next newer one; the empty text after the newest. */
  newer(text: string): string | undefined
}

/** Walks through what was said before. A recalled text that was changed is a draft like any other, and is left alone. */
export function createRecall(said: () => readonly string[]): Recall {
  let at = -1
  const here = (text: string) => {
    if (text === '') at = -1
    return at < 0 ? text === '' : said()[at] === text
  }
  return {
    older(text) {
      if (!here(text)) return undefined
      const next = said()[at + 1]
      if (next === undefined) return undefined
      at += 1
      return next
    },
    newer(text) {
      if (at < 0 || !here(text)) return undefined
      at -= 1
      return at < 0 ? '' : said()[at]
    },
  }
}
