import { newId } from '#shared/base/new-id.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { startChild } from './child.ts'
import { machineNow } from './clock.ts'
import { deliveryTimes, ms, percentile } from './figures.ts'
import type { Figure } from './figures.ts'
import type { Answered } from './model-process.ts'
import type { Collected } from './readers-process.ts'
import { runEnded } from './run-ended.ts'
import { firstVisitor, makeRoom } from './visitor.ts'

const readers = 100
const bound = { requestMs: 50, deltaMs: 60 }
const rounds = 25
const width = 5
/** Fifty tokens a second, as a fast model streams. */
const script = { deltas: 60, gapMs: 20 }

/**
 * The whole way, in a room with 100 readers: a message is accepted, the model server gets the request, its deltas reach
 * the readers. The server, the model and the readers are processes of their own.
 */
export async function benchLatency(): Promise<Figure[]> {
  const model = startChild('./model-process.ts')
  const reading = startChild('./readers-process.ts')
  const { url: baseUrl } = await model.ask<{ url: string }>({ type: 'address' })
  const server = await startCrashableServer({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'bench', ATRIUM_MODEL: 'bench', ATRIUM_SANDBOX: 'off' })
  try {
    const visitor = await firstVisitor(server.url)
    const { sessionId } = await makeRoom(visitor)
    await reading.ask({
      type: 'open',
      kind: 'sync',
      count: readers,
      url: `${server.url.replace('http', 'ws')}/sync`,
      document: `session/${sessionId}`,
      token: visitor.key,
    })
    const toRequest: number[] = []
    const toReader: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await model.ask({ type: 'script', ...script, width })
      await visitor.post(`/api/sessions/${sessionId}/messages`, { id: newId('msg'), text: `Round ${round}`, to: 'agent' })
      const acceptedAt = machineNow()
      const { requestAt, sentAt } = await model.ask<Answered>({ type: 'last' })
      const { arrivals, complete } = await reading.ask<Collected>({ type: 'collect', units: script.deltas * width, timeoutMs: 5000 })
      if (!complete) console.log(`  round ${round}: not every reader had every delta in the live text`)
      await runEnded(server.url, visitor.key, sessionId)
      // The first rounds warm the code up.
      if (round < 5) continue
      toRequest.push(Math.max(0, requestAt - acceptedAt))
      for (const reader of arrivals) for (const late of deliveryTimes(sentAt, reader, width)) toReader.push(late)
    }
    return [
      {
        what: 'message accepted to request at the model server',
        measured: `p50 ${ms(percentile(toRequest, 0.5))}, p95 ${ms(percentile(toRequest, 0.95))}`,
        bound: `p95 ≤ ${bound.requestMs} ms`,
        ok: percentile(toRequest, 0.95) <= bound.requestMs,
      },
      {
        what: `delta from the model server to a reader, ${readers} readers`,
        measured: `p50 ${ms(percentile(toReader, 0.5))}, p95 ${ms(percentile(toReader, 0.95))} (${toReader.length} deliveries)`,
        bound: `p95 ≤ ${bound.deltaMs} ms`,
        ok: percentile(toReader, 0.95) <= bound.deltaMs,
      },
    ]
  } finally {
    await Promise.all([reading.end(), model.end(), server.stop()])
  }
}
