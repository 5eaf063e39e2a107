import { z } from 'zod'
import { EpochMs } from '../base/time.ts'

/** How many days of history an owner may choose. */
export const retentionBounds = { least: 1, most: 3650 }

/** Null: for ever. */
export const RetentionDays = z
  .number('say how many days history is kept, or null for ever')
  .int('say a whole number of days')
  .min(retentionBounds.least, `say ${retentionBounds.least} day or more`)
  .max(retentionBounds.most, `say ${retentionBounds.most} days or fewer`)
  .nullable()

/** How long the history of a project is kept, and what there is of it. */
export const Retention = z.object({
  /** What an owner has chosen, whatever the operator allows. */
  days: RetentionDays,
  /** The operator's maximum; null where there is none. */
  maxDays: z.number().int().positive().nullable(),
  /** What holds of the two: the shorter one. */
  effectiveDays: z.number().int().positive().nullable(),
  /** When everything older was last removed; null while that has not happened. */
  cleanedAt: EpochMs.nullable(),
  /** Earlier states of documents, and output that tools and Python kept, in bytes as they are stored. */
  kept: z.object({ statesBytes: z.number().nonnegative(), outputBytes: z.number().nonnegative() }),
})
export type Retention = z.infer<typeof Retention>

/** The shorter one of what was chosen and what the operator allows; null is for ever. */
export function effectiveDays(chosen: number | null, max: number | null): number | null {
  if (chosen === null || max === null) return chosen ?? max
  return Math.min(chosen, max)
}
