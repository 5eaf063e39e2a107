import { bigint, customType } from 'drizzle-orm/pg-core'

/** Epoch ms in a bigint: exact in JavaScript until the year 287396. */
export const epochMs = (name: string) => bigint(name, { mode: 'number' })

/** Bytes. Both drivers hand back a Uint8Array (a Buffer is one). */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
})
