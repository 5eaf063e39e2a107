import type { Delta } from './chunk.ts'
import type { SentDetails } from './port.ts'

type Fields = Record<string, unknown>

/** Characters of what is kept with a call: signatures have a few thousand. What is longer is left out whole, for a part is of no use. */
const most = 64 * 1024

/**
 * Collects what a service sends beside an answer's words and calls and wants back with them: signatures (`extra_content`)
 * and the blocks of what was thought (`reasoning_details`). What is in them is the service's own affair.
 */
export function createSentDetails() {
  const thoughts: Fields[] = []
  let extra: Fields | undefined

  return {
    take(delta: Delta): void {
      for (const piece of delta.reasoning_details ?? []) addPiece(thoughts, piece)
      if (delta.extra_content) extra = { ...extra, ...delta.extra_content }
    },
    /** What to keep with each call: its own fields, and with the first those of the whole answer. */
    of(calls: readonly (Fields | undefined)[]): (SentDetails | undefined)[] {
      const answer = bounded({ ...(thoughts.length > 0 && { reasoning_details: thoughts }), ...(extra && { extra_content: extra }) })
      return calls.map((fields, at) => {
        const call = fields && bounded({ extra_content: fields })
        const whole = at === 0 ? answer : undefined
        return call || whole ? { ...(call && { call }), ...(whole && { answer: whole }) } : undefined
      })
    },
  }
}

function bounded(fields: Fields): Fields | undefined {
  const { length } = JSON.stringify(fields)
  return length > 2 && length <= most ? fields : undefined
}

/** Blocks come in pieces: the texts of those of one place and kind are put together, any other field is the newest. */
function addPiece(blocks: Fields[], piece: Fields): void {
  const last = blocks.at(-1)
  if (!last || last.type !== piece.type || last.index !== piece.index || piece.index === undefined) {
    blocks.push({ ...piece })
    return
  }
  for (const [key, value] of Object.entries(piece)) {
    const before = last[key]
    if (value === null || value === undefined) continue
    last[key] = grows.has(key) && typeof before === 'string' && typeof value === 'string' ? before + value : value
  }
}

const grows = new Set(['text', 'summary', 'data'])
