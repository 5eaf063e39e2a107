import { sql } from 'drizzle-orm'

/** The time of the database in epoch ms, so that the clocks of machines do not matter. Goes on within a transaction. */
export const nowMs = sql.raw(`(extract(epoch from clock_timestamp()) * 1000)::bigint`)
