import { countStructures, tooMuch } from './bounded-fetch.ts'

/** The lines of an answer as they come. @throws AppError `sandbox_failed` at one that is too long to be taken */
export async function* linesOf(body: ReadableStream<Uint8Array>, bounds: { bytes: number; structures: number }): AsyncGenerator<string> {
  let held: Uint8Array[] = []
  let size = 0
  let structures = 0
  const hold = (part: Uint8Array) => {
    size += part.length
    structures += countStructures(part)
    if (size > bounds.bytes || structures > bounds.structures) throw tooMuch()
    // Parts of a byte each would take far more than their bytes.
    const last = held.at(-1)
    if (last && last.length + part.length <= 16 * 1024) held[held.length - 1] = Buffer.concat([last, part])
    else held.push(part)
  }
  const line = () => {
    const text = Buffer.concat(held).toString('utf8')
    held = []
    size = 0
    structures = 0
    return text
  }
  for await (const chunk of body) {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      hold(chunk.subarray(from, end))
      from = end + 1
      yield line()
    }
    if (from < chunk.length) hold(chunk.subarray(from))
  }
  if (size > 0) yield line()
}
