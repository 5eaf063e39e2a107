import { deflateRawSync, inflateRawSync } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { fromRows } from './row-codec.ts'
import { decodeSegment, encodeSegment } from './segment.ts'

/** What a checkpoint is made of: a keyframe, whole segments after it, and one of which only what is before `before` counts. */
export type CheckpointParts = {
  base: { seq: number; data: Uint8Array } | undefined
  whole: Uint8Array[]
  cut: Uint8Array | undefined
  before: number
}

/** The state as of `seq`, deflated as a keyframe is, and what the segment that was cut holds after it. */
export type Checkpoint = { seq: number; at: number; keyframe: Uint8Array; rest: { fromSeq: number; fromAt: number; data: Uint8Array } | undefined }

/** As bytes, because it is made in another thread: see `readCheckpoint`. */
export function makeCheckpoint({ base, whole, cut, before }: CheckpointParts): Uint8Array {
  const isAfterBase = ({ seq }: { seq: number }) => seq > (base?.seq ?? 0)
  const rows = whole.flatMap(decodeSegment).filter(isAfterBase)
  const last = cut ? decodeSegment(cut).filter(isAfterBase) : []
  const kept = last.findIndex(({ at }) => at >= before)
  rows.push(...(kept === -1 ? last : last.slice(0, kept)))
  const rest = kept === -1 ? [] : last.slice(kept)

  const doc = new Y.Doc()
  doc.transact(() => {
    if (base) Y.applyUpdate(doc, inflateRawSync(base.data))
    for (const update of fromRows(rows.map((row) => row.data))) Y.applyUpdate(doc, update)
  })
  const state = Y.encodeStateAsUpdate(doc)
  doc.destroy()

  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, rows.at(-1)?.seq ?? base?.seq ?? 0)
    encoding.writeVarUint(encoder, rows.at(-1)?.at ?? 0)
    encoding.writeVarUint8Array(encoder, deflateRawSync(state))
    encoding.writeVarUint(encoder, rest[0]?.seq ?? 0)
    encoding.writeVarUint(encoder, rest[0]?.at ?? 0)
    encoding.writeVarUint8Array(encoder, rest.length > 0 ? encodeSegment(rest) : new Uint8Array())
  })
}

export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const decoder = decoding.createDecoder(bytes)
  const seq = decoding.readVarUint(decoder)
  const at = decoding.readVarUint(decoder)
  const keyframe = decoding.readVarUint8Array(decoder)
  const fromSeq = decoding.readVarUint(decoder)
  const fromAt = decoding.readVarUint(decoder)
  const data = decoding.readVarUint8Array(decoder)
  return { seq, at, keyframe, rest: data.length > 0 ? { fromSeq, fromAt, data } : undefined }
}
