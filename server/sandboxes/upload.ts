import type { AppError } from '#shared/base/errors.ts'
import { noAnswer } from './bounded-fetch.ts'

/**
 * A stream on its way into a sandbox. `signal` ends the call when the sandbox takes nothing for `withinMs`, or says nothing
 * for so long once it has all: the time that its source takes is not counted.
 */
export function watchedUpload(content: ReadableStream<Uint8Array>, withinMs: number, theirs?: AbortSignal) {
  const reader = content.getReader()
  const stalled = new AbortController()
  let broken = false
  let timer: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(noAnswer()), withinMs)
  }
  wait()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer)
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (thrown) {
          broken = true
          controller.error(thrown)
        }
        wait()
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return {
    stream,
    signal: theirs ? AbortSignal.any([theirs, stalled.signal]) : stalled.signal,
    /** The call is over. Hands back why it was ended here, if it was. */
    over(): AppError | undefined {
      clearTimeout(timer)
      return stalled.signal.aborted ? (stalled.signal.reason as AppError) : undefined
    },
    /** Its source failed by itself. */
    hasBroken: () => broken,
  }
}
