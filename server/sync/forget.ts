import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Compactor } from './compactor.ts'
import {
  deleteOldest,
  deleteSegment,
  endsOfHistory,
  insertHistory,
  keyframeSeq,
  lastOfLogBefore,
  readOfHistory,
  type Segment,
  segmentEndingSince,
  segmentsWithin,
} from './history-store.ts'
import { fence } from '../rooms/service.ts'
import type { Lease } from '../rooms/port.ts'
import { compact, type Compacted, type CompactionStep } from './snapshots.ts'

type Deps = { database: Database; clock: Clock; compactor: Compactor }
/** The steps of forgetting, in order; a crash may fall between any two. */
export type ForgetStep = CompactionStep | 'log compacted' | 'checkpoint written' | 'history removed' | 'segment cut'
/** Updates that are gone, the bytes they had, and those of the states that were written in their place. */
export type Forgotten = { updates: number; bytes: number; writtenBytes: number }

/**
 * Ends the history of a document before a moment: what is left begins with one whole state, as of the last update from before
 * `before`, from which the log goes on without a gap. The document itself stays as it is. Loading is right after every step,
 * because it reads neither segments nor keyframes; and what is left of the history has no gap after any of them, because the
 * oldest goes first and the new checkpoint is there before anything goes. What was cut off is finished by the next.
 * @param compacted told of a snapshot, so that an open document counts on from it
 * @throws Deposed when the room is another's
 */
export async function forgetBefore(
  deps: Deps,
  lease: Lease,
  document: string,
  before: number,
  compacted: (done: Compacted) => void = () => undefined,
  reached: (step: ForgetStep) => void | Promise<void> = () => undefined,
): Promise<Forgotten> {
  const upTo = await lastOfLogBefore(deps.database, document, before)
  if (upTo !== undefined) {
    compacted(await compact(deps, lease, document, upTo, reached))
    await reached('log compacted')
  }
  return trimHistory(deps, lease, document, before, reached)
}

async function trimHistory(
  deps: Deps,
  lease: Lease,
  document: string,
  before: number,
  reached: (step: ForgetStep) => void | Promise<void>,
): Promise<Forgotten> {
  const { database } = deps
  const { db } = database
  const ends = await endsOfHistory(db, document)
  if (!ends || ends.first.fromAt >= before) return { updates: 0, bytes: 0, writtenBytes: 0 }
  const border = await segmentEndingSince(db, document, before)
  const begun = border && border.fromAt < before ? border : undefined
  const wholeUpTo = border ? border.fromSeq - 1 : ends.last.toSeq
  const made = await makeCheckpointAt(deps, document, { firstSeq: ends.first.fromSeq, wholeUpTo, begun, before })

  const change = <T>(work: (tx: Db) => Promise<T>) =>
    database.transaction(async (tx) => {
      await fence(database, tx, lease)
      return work(tx)
    })
  let writtenBytes = 0
  if (made.keyframe) {
    const { keyframe, seq, at } = made
    await change((tx) => insertHistory(tx, lease, document, 'keyframe', { seq, at }, { seq, at }, keyframe))
    writtenBytes += keyframe.length
    await reached('checkpoint written')
  }
  let bytes = 0
  while (true) {
    const gone = await change((tx) => deleteOldest(database, tx, document, made.seq))
    if (gone.rows === 0) break
    bytes += gone.bytes
    await reached('history removed')
  }
  const { rest } = made
  if (begun && rest) {
    const gone = await change(async (tx) => {
      await insertHistory(tx, lease, document, 'segment', { seq: rest.fromSeq, at: rest.fromAt }, { seq: begun.toSeq, at: begun.toAt }, rest.data)
      return deleteSegment(database, tx, document, begun.fromSeq)
    })
    bytes += gone.bytes
    writtenBytes += rest.data.length
    await reached('segment cut')
  }
  return { updates: Math.max(0, made.seq - ends.first.fromSeq + 1), bytes, writtenBytes }
}

type Plan = { firstSeq: number; wholeUpTo: number; begun: Segment | undefined; before: number }
type Made = { seq: number; at: number; keyframe: Uint8Array | undefined; rest: ReturnType<typeof readCheckpoint>['rest'] }

/** The state where the kept history will begin; no keyframe is made where there is one already. */
async function makeCheckpointAt({ database, compactor }: Deps, document: string, { firstSeq, wholeUpTo, begun, before }: Plan): Promise<Made> {
  const { db } = database
  let base = await keyframeSeq(db, document, { upTo: wholeUpTo })
  if (!begun && base === wholeUpTo) return { seq: wholeUpTo, at: 0, keyframe: undefined, rest: undefined }
  // One that was cut off has removed what led here, and its checkpoint stands later.
  if (base === undefined && firstSeq > 1) {
    base = await keyframeSeq(db, document, 'oldest')
    if (base === undefined) throw new Error(`the history of ${document} begins at ${firstSeq} without a state`)
  }
  const whole: Uint8Array[] = []
  for (const { fromSeq } of await segmentsWithin(db, document, base ?? 0, wholeUpTo))
    whole.push(await readOfHistory(db, document, 'segment', fromSeq))
  const made = await compactor.run({
    kind: 'checkpoint',
    base: base === undefined ? undefined : { seq: base, data: await readOfHistory(db, document, 'keyframe', base) },
    whole,
    cut: begun && (await readOfHistory(db, document, 'segment', begun.fromSeq)),
    before,
  })
  const checkpoint = readCheckpoint(made)
  return checkpoint.seq === base ? { ...checkpoint, keyframe: undefined } : checkpoint
}
