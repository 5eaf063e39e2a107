import { ModelError } from './errors.ts'

/** Bytes of one answer; a server that sends more is broken or hostile. */
const maxAnswerBytes = 64 * 1024 * 1024
/** How long the end of a finished answer may take to arrive, ms. */
const drainMs = 1000

/**
 * A fetch for one streamed answer. `onBytes` hears every arrival, comments included. A JSON body, sent by servers that do
 * not stream, is handed on as a stream of one event.
 */
export function watchedFetch(onBytes: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    onBytes()
    if (!response.ok || !response.body) return response
    const headers = new Headers(response.headers)
    const type = headers.get('content-type') ?? ''
    if (/\btext\/html\b/i.test(type)) {
      await response.body.cancel()
      throw new ModelError('bad_answer', `${new URL(response.url).host} answered with a web page. Check OPENAI_BASE_URL; it usually ends in /v1.`)
    }
    const body = watchBytes(response.body, onBytes)
    if (/\bjson\b/i.test(type)) {
      headers.set('content-type', 'text/event-stream')
      return new Response(await asEvents(body), { status: response.status, headers })
    }
    return new Response(body, { status: response.status, headers })
  }
}

/** A JSON body as one event. Some servers call their events JSON: those are handed on as they come. */
async function asEvents(body: ReadableStream<Uint8Array>): Promise<BodyInit> {
  const [first, rest] = await firstSign(body)
  if (first !== '{') return rest
  // A line break in JSON is a space between its parts.
  const text = (await new Response(rest).text()).replace(/[\r\n]+/g, ' ')
  return `data: ${text}\n\ndata: [DONE]\n\n`
}

/** The first character that is no blank, and the whole stream again. */
async function firstSign(body: ReadableStream<Uint8Array>): Promise<[sign: string | undefined, whole: ReadableStream<Uint8Array>]> {
  const reader = body.getReader()
  const seen: Uint8Array[] = []
  let sign: string | undefined
  while (sign === undefined) {
    const { done, value } = await reader.read()
    if (done) break
    seen.push(value)
    sign = new TextDecoder().decode(value).trimStart()[0]
  }
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = seen.shift() ?? (await reader.read()).value
      if (next) controller.enqueue(next)
      else controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return [sign, whole]
}

/** Hands bytes on as they come. A reader that stops at `[DONE]` lets the rest drain, so that the connection is kept. */
function watchBytes(body: ReadableStream<Uint8Array>, onBytes: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let size = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) return controller.close()
      onBytes()
      size += value.length
      if (size > maxAnswerBytes) throw new Error('the answer is endless')
      controller.enqueue(value)
    },
    async cancel(reason) {
      const giveUp = setTimeout(() => void reader.cancel(reason).catch(() => undefined), drainMs)
      try {
        while (!(await reader.read()).done);
      } catch {
        // It broke or was aborted: there is nothing left to keep.
      } finally {
        clearTimeout(giveUp)
      }
    },
  })
}

/**
 * Runs out when nothing is heard for `ms` while somebody waits. Time in which nobody waits does not count: a slow reader
 * is no fault of the server.
 */
export function createStallTimer(ms: number, onStall: () => void) {
  let timer: NodeJS.Timeout | undefined
  const arm = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      stall.fired = true
      onStall()
    }, ms)
  }
  const stall = {
    fired: false,
    heard() {
      if (timer) arm()
    },
    async during<T>(wait: Promise<T>): Promise<T> {
      arm()
      try {
        return await wait
      } finally {
        clearTimeout(timer)
        timer = undefined
      }
    },
  }
  return stall
}
