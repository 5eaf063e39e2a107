import { marked, type Token } from 'marked'

/** One top-level block: parsed once, and never again while the text only grows behind it. */
export type Block = { key: number; token: Token }

/**
 * Parses Markdown that grows. Each call with a longer text parses from the start of the last block that could still
 * change, so the cost of a call follows what was added and the length of that block, not of the text.
 */
export function createBlockParser() {
  let text = ''
  let settled: Block[] = []
  /** Where the part that may still change begins. */
  let from = 0

  return (next: string): readonly Block[] => {
    if (!next.startsWith(text)) {
      settled = []
      from = 0
    }
    text = next
    const tokens = marked.lexer(next.slice(from))
    let at = from
    const fresh: Block[] = []
    for (const token of tokens) {
      if (token.type !== 'space') fresh.push({ key: at, token })
      at += token.raw.length
    }
    // The lexer normalises line ends and tabs; without its offsets nothing may be settled.
    const last = fresh.at(-1)
    if (at === next.length && last && fresh.length > 1) {
      const done = fresh.slice(0, -1)
      settled = [...settled, ...done]
      from = last.key
      return [...settled, last]
    }
    return [...settled, ...fresh]
  }
}
