import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { logLimits } from './limits.ts'

/** Views of at most one row's size each; at least one. */
export function splitBytes(data: Uint8Array, size: number = logLimits.rowBytes): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length || parts.length === 0; at += size) parts.push(data.subarray(at, at + size))
  return parts
}

/** Under this deflate saves too little to be worth its time. */
const worthDeflating = 160

/**
 * What an update is stored as: itself, or deflated where that is smaller, in one row; one that is too large for a row in
 * several consecutive ones, written by one statement. A row that is not the update itself begins with two zero bytes,
 * which as an update would mean "nothing changed, nothing deleted", then its place and the number of rows; that number is
 * 0 for a deflated update.
 */
export function toRows(update: Uint8Array, size: number = logLimits.rowBytes): Uint8Array[] {
  const small = deflated(update)
  if (small.length <= size) return [small]
  const parts = splitBytes(update, size - 16)
  return parts.map((part, index) => marked(index, parts.length, part))
}

function deflated(update: Uint8Array): Uint8Array {
  if (update.length < worthDeflating) return update
  const row = marked(0, 0, deflateRawSync(update, { level: constants.Z_BEST_SPEED }))
  return row.length < update.length ? row : update
}

function marked(index: number, count: number, data: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeUint8(encoder, 0)
  encoding.writeUint8(encoder, 0)
  encoding.writeVarUint(encoder, index)
  encoding.writeVarUint(encoder, count)
  encoding.writeUint8Array(encoder, data)
  return encoding.toUint8Array(encoder)
}

/** The updates that rows of the log hold, in order. Rows of an update that is not whole are left out. */
export function fromRows(rows: readonly Uint8Array[]): Uint8Array[] {
  const updates: Uint8Array[] = []
  let parts: Uint8Array[] = []
  for (const row of rows) {
    if (row.length <= 2 || row[0] !== 0 || row[1] !== 0) {
      updates.push(row)
      continue
    }
    const decoder = decoding.createDecoder(row)
    decoder.pos = 2
    const index = decoding.readVarUint(decoder)
    const count = decoding.readVarUint(decoder)
    const data = row.subarray(decoder.pos)
    if (count === 0) {
      updates.push(inflateRawSync(data))
      continue
    }
    if (index === 0) parts = []
    if (index !== parts.length) continue
    parts.push(data)
    if (parts.length === count) updates.push(Buffer.concat(parts))
  }
  return updates
}
