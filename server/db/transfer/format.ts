import { z } from 'zod'

/** Takes some lines; the next come when it has resolved. */
export type Sink = (lines: readonly string[]) => Promise<void> | void

/** Feeds all lines to a sink, in order. */
export type Source = (sink: Sink) => Promise<unknown>

export type TableDigest = { table: string; rows: number; /** Hex. */ sha256: string }

/** Told after each table. */
export type Tell = (done: TableDigest) => void

export const formatVersion = 1

/** The first line. `schema` is the time of the newest migration in its journal, epoch ms. */
export const FirstLine = z.object({ format: z.literal('atrium-tables'), version: z.int(), schema: z.int().positive() })

/** Names and types as the catalog has them. */
export const TableLine = z.object({ table: z.string(), columns: z.array(z.tuple([z.string(), z.string()])) })
export type TableLine = z.infer<typeof TableLine>

export const RowLine = z.array(z.string().nullable())

export const TableEnd = z.object({ end: z.string(), rows: z.int().nonnegative(), sha256: z.string() })

/** A bigint as text. */
export const SequenceLine = z.object({ sequence: z.string(), value: z.string().regex(/^-?\d{1,19}$/), called: z.boolean() })
export type SequenceLine = z.infer<typeof SequenceLine>

export const LastLine = z.object({ done: z.literal(true), tables: z.int().nonnegative() })

/** Any line but the first and those of rows. */
export const OtherLine = z.union([TableLine, TableEnd, SequenceLine, LastLine])
