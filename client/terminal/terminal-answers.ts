import type { Terminal as Screen } from '@xterm/xterm'

const csi = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
]
/** Of the palette, and of the colours of text, ground and cursor. */
const colours = [4, 10, 11, 12]

/**
 * Programs ask the terminal where its cursor stands, what it is, which colours it has. Says whether what the screen sends just
 * now is the answer to such a question, and nothing that somebody typed.
 */
export function tellAnswers(screen: Screen): () => boolean {
  let answering = false
  /** The screen's own handler comes next, and answers at once. */
  const asked = () => {
    answering = true
    queueMicrotask(() => (answering = false))
    return false
  }
  for (const id of csi) screen.parser.registerCsiHandler(id, asked)
  for (const id of colours) screen.parser.registerOscHandler(id, asked)
  screen.parser.registerDcsHandler({ intermediates: '$', final: 'q' }, asked)
  return () => answering
}
