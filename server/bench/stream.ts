import { startChild } from './child.ts'
import type { Child } from './child.ts'
import { count, deliveryTimes, ms, percentile, times } from './figures.ts'
import type { Figure } from './figures.ts'
import type { Collected } from './readers-process.ts'
import type { RoomAddress, Streamed } from './room-request.ts'

const readers = 100
const bound = { p99Ms: 100, multiple: 20, firstDeltaMs: 10 }
/** Characters of one delta: about one token. */
const width = 5
const trialSeconds = 3

type Room = { kind: 'raw' | 'sync'; room: Child; readers: Child }
type Trial = { p50: number; p99: number; complete: boolean }

/**
 * The highest rate of deltas that 100 readers on this machine get with a p99 of delivery under 100 ms: the floor sends
 * every delta on its own over plain websockets; Atrium streams into a session's document, with its log written.
 */
export async function benchStream(): Promise<Figure[]> {
  const raw = await withRoom('raw', readers, findHighestRate)
  const atrium = await withRoom('sync', readers, findHighestRate)
  const multiple = atrium.rate / raw.rate
  return [
    {
      what: `stream, ${readers} readers: highest rate with p99 under ${bound.p99Ms} ms`,
      measured: `${count(atrium.rate)} deltas/s (p99 ${ms(atrium.p99)}) against ${count(raw.rate)} (p99 ${ms(raw.p99)}): ${times(multiple)}`,
      bound: `≥ ${bound.multiple}×`,
      ok: multiple >= bound.multiple,
    },
  ]
}

/** One delta after a silence, at one reader of an idle room: the median of many, against the floor's. */
export async function benchFirstDelta(): Promise<Figure[]> {
  const raw = await withRoom('raw', 1, firstDeltas)
  const atrium = await withRoom('sync', 1, firstDeltas)
  const more = percentile(atrium, 0.5) - percentile(raw, 0.5)
  const moreP95 = percentile(atrium, 0.95) - percentile(raw, 0.95)
  return [
    {
      what: 'first delta at a reader of an idle room',
      measured: `p50 ${ms(percentile(atrium, 0.5))} against ${ms(percentile(raw, 0.5))}: ${ms(more)} more (p95: ${ms(moreP95)} more)`,
      bound: `≤ ${bound.firstDeltaMs} ms more`,
      ok: more <= bound.firstDeltaMs && moreP95 <= bound.firstDeltaMs,
    },
  ]
}

async function withRoom<T>(kind: Room['kind'], readerCount: number, measure: (room: Room) => Promise<T>): Promise<T> {
  const room = startChild(kind === 'raw' ? './raw-room-process.ts' : './atrium-room-process.ts')
  const reading = startChild('./readers-process.ts')
  try {
    const address = await room.ask<RoomAddress>({ type: 'address' })
    await reading.ask({ type: 'open', kind, count: readerCount, ...address })
    return await measure({ kind, room, readers: reading })
  } finally {
    await Promise.all([room.end(), reading.end()])
  }
}

/** Doubles the rate until it fails, then halves the gap until it is narrow. A rate that fails gets a second chance. */
async function findHighestRate(room: Room): Promise<{ rate: number; p99: number }> {
  await trial(room, 100)
  let good = { rate: 0, p99: Number.NaN }
  let bad = Number.POSITIVE_INFINITY
  let rate = 500
  while (bad === Number.POSITIVE_INFINITY || bad / good.rate > 1.15) {
    const result = await holds(room, rate)
    console.log(`  ${room.kind} ${count(rate)} deltas/s: p50 ${ms(result.p50)}, p99 ${ms(result.p99)}${result.complete ? '' : ', not all arrived'}`)
    if (result.complete && result.p99 < bound.p99Ms) good = { rate, p99: result.p99 }
    else bad = rate
    if (good.rate === 0 && rate < 20) break
    rate = bad === Number.POSITIVE_INFINITY ? rate * 2 : good.rate === 0 ? rate / 2 : (good.rate + bad) / 2
  }
  return good
}

async function holds(room: Room, rate: number): Promise<Trial> {
  const first = await trial(room, rate)
  if (first.complete && first.p99 < bound.p99Ms) return first
  return trial(room, rate)
}

async function trial(room: Room, rate: number): Promise<Trial> {
  const { sentAt } = await room.room.ask<Streamed>({ type: 'stream', rate, seconds: trialSeconds, width })
  const { arrivals, complete } = await room.readers.ask<Collected>({ type: 'collect', units: sentAt.length * width, timeoutMs: 5000 })
  await room.room.ask({ type: 'clear' })
  const late = Float64Array.from(arrivals.flatMap((reader) => deliveryTimes(sentAt, reader, width)))
  return { p50: percentile(late, 0.5), p99: percentile(late, 0.99), complete }
}

async function firstDeltas(room: Room): Promise<number[]> {
  const late: number[] = []
  for (let i = 0; i < 60; i += 1) {
    const { sentAt } = await room.room.ask<Streamed>({ type: 'stream', rate: 1, seconds: 1, width })
    const { arrivals } = await room.readers.ask<Collected>({ type: 'collect', units: width, timeoutMs: 5000 })
    // The first ones warm the code up.
    if (i >= 10) late.push(...arrivals.flatMap((reader) => deliveryTimes(sentAt, reader, width)))
    await room.room.ask({ type: 'clear' })
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  return late
}
