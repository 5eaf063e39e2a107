import { StringDecoder } from 'node:string_decoder'

/**
 * Splits what comes in at a mark: the text before it is told, the mark itself is not. A mark may come in pieces.
 * @param mark the one now expected; empty when none is
 */
export function untilMark(mark: () => string, tell: (text: string) => void, reached: () => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  let held = ''
  return (chunk) => {
    held += decoder.write(chunk)
    for (;;) {
      const wanted = mark()
      const at = wanted === '' ? -1 : held.indexOf(wanted)
      if (at < 0) break
      if (at > 0) tell(held.slice(0, at))
      held = held.slice(at + wanted.length)
      reached()
    }
    // A mark begins with NUL: what follows the last one may be its first half.
    const wanted = mark()
    const from = wanted === '' ? -1 : held.lastIndexOf('\0')
    const half = from >= 0 && wanted.startsWith(held.slice(from)) ? from : held.length
    if (half > 0) tell(held.slice(0, half))
    held = held.slice(half)
  }
}
