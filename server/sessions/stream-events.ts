import type { SentEvent } from './events.ts'

const heartbeatMs = 15_000
/** Bytes that may wait for a reader; one that is slower is let go and resumes with its last event's id. */
const maxWaiting = 1_000_000

type Source = {
  lastEventId: string | null
  subscribe(lastEventId: string | null, listener: (sent: SentEvent) => void): Promise<() => void>
  /** Whether the reader may still read; asked at each heartbeat and whenever `onDoubt` says so. */
  allowed(): Promise<boolean>
  /** Calls back when rights may have changed. @returns stops calling */
  onDoubt(check: () => void): () => void
  signal: AbortSignal
  /** Called when nobody reads it any more, perhaps more than once. */
  onEnd(): void
}

/** The answer to `GET …/events`: server-sent events until the reader leaves, loses access, or is too slow. */
export function streamEvents({ lastEventId, subscribe, allowed, onDoubt, signal, onEnd }: Source): Response {
  const encoder = new TextEncoder()
  let end = () => {}
  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        let over = false
        let unsubscribe: (() => void) | undefined
        const send = (text: string) => {
          if (over) return
          controller.enqueue(encoder.encode(text))
          if ((controller.desiredSize ?? 0) < 0) end()
        }
        const check = () => void allowed().then((may) => may || end(), end)
        const heart = setInterval(() => {
          send(': still here\n\n')
          check()
        }, heartbeatMs)
        const quiet = onDoubt(check)
        end = () => {
          if (over) return
          over = true
          clearInterval(heart)
          quiet()
          onEnd()
          unsubscribe?.()
          try {
            controller.close()
          } catch {
            // The reader has closed it.
          }
        }
        signal.addEventListener('abort', () => end(), { once: true })
        send('retry: 1000\n\n')
        try {
          const stop = await subscribe(lastEventId, ({ id, event }) => send(format(id, event)))
          if (over) stop()
          else unsubscribe = stop
        } catch (error) {
          over = true
          clearInterval(heart)
          quiet()
          onEnd()
          controller.error(error)
        }
      },
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxWaiting }),
  )
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' },
  })
}

function format(id: string, { type, ...data }: SentEvent['event']): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
