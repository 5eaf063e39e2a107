import { cutAfter, cutBefore } from '#shared/base/cut.ts'

/** UTF-16 units shown of a command's output: its beginning and its end. */
export const shownOutput = { head: 16_384, tail: 16_384 }
/** Bytes kept of the whole. */
export const maxKeptBytes = 10 * 1024 * 1024

/**
 * Collects a command's output: all of it up to 10 MB, of which the beginning and the end are shown. `live` hands on the
 * beginning as it comes; the end follows when the command has ended.
 */
export function createOutputKeeper(live: (text: string) => void) {
  const chunks: Buffer[] = []
  let bytes = 0
  let length = 0
  let tail = ''
  let streamed = 0

  return {
    add(text: string): void {
      if (text === '') return
      const room = shownOutput.head - streamed
      const first = tail === '' && room > 0 ? cutAfter(text, room) : ''
      if (first !== '') live(first)
      streamed += first.length
      tail = cutBefore(tail + text.slice(first.length), shownOutput.tail)
      length += text.length
      if (bytes >= maxKeptBytes) return
      const data = Buffer.from(text)
      chunks.push(data.subarray(0, maxKeptBytes - bytes))
      bytes += Math.min(data.length, maxKeptBytes - bytes)
    },
    /** Units that are in neither the beginning nor the end. */
    get omitted() {
      return Math.max(0, length - streamed - tail.length)
    },
    /** What follows the beginning in what is shown. Hands it on; call once. */
    end(): void {
      const omitted = length - streamed - tail.length
      if (omitted > 0) live(`\n… ${omitted} characters left out …\n`)
      if (tail !== '') live(tail)
    },
    /** The whole, up to 10 MB. */
    whole: () => Buffer.concat(chunks),
    get cut() {
      return bytes >= maxKeptBytes
    },
  }
}
