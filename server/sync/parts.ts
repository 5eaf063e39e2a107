import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { logLimits } from './limits.ts'

/** Views of at most one row's size each; at least one. */
export function splitBytes(data: Uint8Array, size: number = logLimits.rowBytes): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length || parts.length === 0; at += size) parts.push(data.subarray(at, at + size))
  return parts
}

/**
 * An update too large for a row takes several consecutive rows of the log, written by one statement. Each begins with two
 * zero bytes, which as an update would mean "nothing changed, nothing deleted", then its place and the number of rows.
 */
export function toRows(update: Uint8Array, size: number = logLimits.rowBytes): Uint8Array[] {
  if (update.length <= size) return [update]
  const parts = splitBytes(update, size - 16)
  return parts.map((part, index) => {
    const encoder = encoding.createEncoder()
    encoding.writeUint8(encoder, 0)
    encoding.writeUint8(encoder, 0)
    encoding.writeVarUint(encoder, index)
    encoding.writeVarUint(encoder, parts.length)
    encoding.writeUint8Array(encoder, part)
    return encoding.toUint8Array(encoder)
  })
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
    if (index === 0) parts = []
    if (index !== parts.length) continue
    parts.push(row.subarray(decoder.pos))
    if (parts.length === count) updates.push(Buffer.concat(parts))
  }
  return updates
}
