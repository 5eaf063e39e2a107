import { deflateRawSync } from 'node:zlib'
import { parentPort } from 'node:worker_threads'
import * as Y from 'yjs'
import { type CheckpointParts, makeCheckpoint } from './checkpoint.ts'
import { fromRows } from './row-codec.ts'
import { encodeSegment, type LogRow } from './segment.ts'

/** Work on whole states, off the main thread. */
export type CompactJob =
  | { id: number; kind: 'snapshot'; state: Uint8Array | undefined; rows: Uint8Array[] }
  | { id: number; kind: 'segment'; rows: LogRow[] }
  | { id: number; kind: 'keyframe'; state: Uint8Array }
  | ({ id: number; kind: 'checkpoint' } & CheckpointParts)
export type CompactResult = { id: number; data: Uint8Array } | { id: number; error: string }

function work(job: CompactJob): Uint8Array {
  switch (job.kind) {
    case 'segment':
      return encodeSegment(job.rows)
    case 'keyframe':
      return deflateRawSync(job.state)
    case 'checkpoint':
      return makeCheckpoint(job)
    default: {
      const doc = new Y.Doc()
      doc.transact(() => {
        if (job.state) Y.applyUpdate(doc, job.state)
        for (const update of fromRows(job.rows)) Y.applyUpdate(doc, update)
      })
      const state = Y.encodeStateAsUpdate(doc)
      doc.destroy()
      return state
    }
  }
}

parentPort?.on('message', (job: CompactJob) => {
  let result: CompactResult
  try {
    result = { id: job.id, data: work(job) }
  } catch (error) {
    result = { id: job.id, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(result)
})
