import { PassThrough, type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** Output of something that runs beside what is shown now. It is kept until it is its turn. */
export function holdOutput() {
  const held = new PassThrough()
  return {
    input: held as Writable,
    /** Shows what was kept, and what comes until `over`; resolves when all of it has been written. */
    async showUntil<T>(over: Promise<T>, to: Writable): Promise<T> {
      held.pipe(to, { end: false })
      const result = await over
      held.end()
      await finished(held)
      return result
    },
  }
}
