import type { Token } from 'marked'
import { lexMarkdown } from './markdown-lexer.ts'
import { closeOpen } from './markdown-open.ts'

/** One top-level block: parsed once, and never again while the text only grows behind it. */
export type Block = { key: number; token: Token; open: boolean }

/**
 * Parses Markdown that grows. Each call with a longer text parses from the start of the last block that could still
 * change, so the cost of a call follows what was added and the length of that block, not of the text. `growing`: more will
 * come, and the end shows as what it is about to be.
 */
export function createBlockParser() {
  let text = ''
  let settled: Block[] = []
  /** Where the part that may still change begins. */
  let from = 0
  let grew = false

  return (next: string, growing = false): readonly Block[] => {
    // What was closed for showing is read once more as it really ended.
    if (!next.startsWith(text) || (grew && !growing)) {
      settled = []
      from = 0
    }
    text = next
    grew = growing
    const tail = next.slice(from)
    const tokens = lexMarkdown(growing ? closeOpen(tail) : tail)
    let at = from
    const fresh: Block[] = []
    for (const token of tokens) {
      if (token.type !== 'space') fresh.push({ key: at, token, open: false })
      at += token.raw.length
    }
    const last = fresh.at(-1)
    if (!last) return settled
    if (growing) last.open = true
    // The lexer normalises line ends and tabs; only what it took as it stands may be settled.
    const whole = tokens
      .map((token) => token.raw)
      .join('')
      .slice(0, last.key - from)
    if (fresh.length > 1 && tail.startsWith(whole)) {
      settled = [...settled, ...fresh.slice(0, -1)]
      from = last.key
      return [...settled, last]
    }
    return [...settled, ...fresh]
  }
}
