import { z } from 'zod'

/** Epoch milliseconds, as every `…At` field holds. */
export const EpochMs = z.number().int().nonnegative()
