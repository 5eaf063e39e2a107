import { AppError } from '#shared/base/errors.ts'

/** How long a sandbox may let wait. */
export type Patience = {
  /** Until it begins to answer; once it has let wait for so long, `silentMs` until it answers again. */
  headMs: number
  silentMs: number
  /** For the whole of an answer, beside the time that its bytes may take at `bytesPerSecond`. What its reader takes is not counted. */
  bodyMs: number
  bytesPerSecond: number
}
export const usualPatience: Patience = { headMs: 25_000, silentMs: 5_000, bodyMs: 25_000, bytesPerSecond: 16 * 1024 }

export type Bounds = {
  /** Of the body as it is read, unpacked. */
  maxBytes: number
  /** It will be parsed: an object or a list costs far more than its two bytes. */
  isJson?: boolean
  /** It goes on for as long as somebody works, and may be silent meanwhile. */
  isStream?: boolean
  /** It begins to answer when it has all that is sent: whoever sends has a signal for that. */
  isUpload?: boolean
}
export type BoundedFetch = (input: string | Request, init: RequestInit, bounds: Bounds) => Promise<Response>

const maxStructures = 250_000
export const noAnswer = () => new AppError('sandbox_failed', 'The sandbox does not respond.')
export const tooMuch = () => new AppError('sandbox_failed', 'The sandbox answered more than is taken from it.')

/**
 * The one way to call what answers inside of a sandbox, which may be anybody's program by now: follows no redirect, waits
 * so long and takes so much. Both ends of it throw AppError `sandbox_failed`, of the body while it is read.
 */
export function createBoundedFetch(patience: Patience = usualPatience): BoundedFetch {
  let isSilent = false
  return async (input, init, bounds) => {
    const late = new AbortController()
    const theirs = init.signal ?? (input instanceof Request ? input.signal : undefined)
    const giveUp = () => {
      isSilent = true
      late.abort(noAnswer())
    }
    const timer = bounds.isUpload ? undefined : setTimeout(giveUp, isSilent ? patience.silentMs : patience.headMs)
    const signal = theirs ? AbortSignal.any([theirs, late.signal]) : late.signal
    let answer: Response
    try {
      answer = await fetch(input, { ...init, redirect: 'error', signal })
      isSilent = false
    } catch (thrown) {
      if ((theirs?.reason as Error | undefined)?.name === 'TimeoutError') isSilent = true
      throw late.signal.aborted ? late.signal.reason : thrown
    } finally {
      clearTimeout(timer)
    }
    const { status, headers, body } = answer
    if (Number(headers.get('content-length') ?? 0) > bounds.maxBytes) {
      late.abort(tooMuch())
      throw late.signal.reason
    }
    return new Response(body && boundedBody(body, bounds, patience, late), { status, headers })
  }
}

function boundedBody(body: ReadableStream<Uint8Array>, bounds: Bounds, patience: Patience, late: AbortController): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let taken = 0
  let structures = 0
  let waitedMs = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const begunAt = performance.now()
        const leftMs = patience.bodyMs + (taken / patience.bytesPerSecond) * 1000 - waitedMs
        const timer = bounds.isStream ? undefined : setTimeout(() => late.abort(noAnswer()), Math.max(0, leftMs))
        try {
          const { done, value } = await reader.read()
          waitedMs += performance.now() - begunAt
          if (done) return controller.close()
          taken += value.length
          if (bounds.isJson) structures += countStructures(value)
          if (taken > bounds.maxBytes || structures > maxStructures) throw tooMuch()
          controller.enqueue(value)
        } catch (thrown) {
          const why: unknown = late.signal.aborted ? late.signal.reason : thrown
          late.abort(why)
          reader.cancel(why).catch(() => undefined)
          controller.error(why)
        } finally {
          clearTimeout(timer)
        }
        return undefined
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** Where an object or a list begins, or would if it stood in no string. */
export function countStructures(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) if (byte === 0x7b || byte === 0x5b) count++
  return count
}
