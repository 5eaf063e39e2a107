export type Piece = { type: 'text' | 'reasoning'; text: string }

const tags = ['<think>', '<thinking>', '<thought>']
const opening = /^<(think|thinking|thought)>/i

/**
 * What a model thinks aloud within its text, between `<think>` and `</think>` at the very beginning, told apart from the
 * answer, however the pieces are cut.
 */
export function createThoughts() {
  let where: 'beginning' | 'thinking' | 'between' | 'answer' = 'beginning'
  let closing = ''
  let held = ''

  /** Moves to where `held` begins. @returns whether that is known yet */
  function begin(): boolean {
    const first = held.trimStart()
    const tag = opening.exec(first)
    if (tag) {
      where = 'thinking'
      closing = `</${tag[1]?.toLowerCase()}>`
      held = first.slice(tag[0].length)
      return true
    }
    if (tags.some((one) => one.startsWith(first.toLowerCase()))) return false
    where = 'answer'
    return true
  }

  function* think(): Generator<Piece> {
    const end = held.toLowerCase().indexOf(closing)
    const upTo = end >= 0 ? end : held.length - endOf(held.toLowerCase(), closing)
    if (upTo > 0) yield { type: 'reasoning', text: held.slice(0, upTo) }
    held = held.slice(end >= 0 ? end + closing.length : upTo)
    if (end >= 0) where = 'between'
  }

  return {
    *take(text: string): Generator<Piece> {
      if (text === '') return
      held += text
      if (where === 'beginning' && !begin()) return
      if (where === 'thinking') yield* think()
      if (where === 'between') {
        held = held.trimStart()
        if (held !== '') where = 'answer'
      }
      if (where !== 'answer' || held === '') return
      yield { type: 'text', text: held }
      held = ''
    },
    /** What still waited for more; blanks alone are nothing. */
    *end(): Generator<Piece> {
      if (held.trim() !== '' && where !== 'between') yield { type: where === 'thinking' ? 'reasoning' : 'text', text: held }
      held = ''
    },
  }
}

/** How many units at the end of a text may be the beginning of `word`. */
function endOf(text: string, word: string): number {
  for (let size = Math.min(word.length - 1, text.length); size > 0; size--) if (text.endsWith(word.slice(0, size))) return size
  return 0
}
