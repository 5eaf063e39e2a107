import { AppError } from '#shared/base/errors.ts'
import { createTurns } from '../base/budget.ts'

type Bounds = { atOnce: number; waiting: number }

const tooMany = () => new AppError('unavailable', 'Too many people are signing in right now. Try again in a moment.', { retryAfterS: 5 })

/**
 * Runs slow work a few at a time, in the order in which it came. A password's hash takes 19 MiB and one of the process's few
 * threads, which the files and names of everybody else need too. What it gives throws AppError `unavailable` when too many wait
 * already; nothing was run then.
 */
export function createHashQueue({ atOnce, waiting }: Bounds) {
  const inTurn = createTurns(atOnce, { waiting, error: tooMany })
  return <T>(work: () => Promise<T>): Promise<T> => inTurn('everybody', work)
}
