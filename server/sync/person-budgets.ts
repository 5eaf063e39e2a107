import type { UserId } from '#shared/base/ids.ts'
import { type TokenBucket, tokenBucket } from './token-bucket.ts'

const mostKept = 2_000

/** What each person may use in a while, on all their connections together. @param rate of `limits` */
export function createPersonBudgets(rate: Parameters<typeof tokenBucket>[0], now: () => number) {
  const budgets = new Map<UserId, TokenBucket>()
  return {
    of(userId: UserId): TokenBucket {
      const budget = budgets.get(userId) ?? tokenBucket(rate, now)
      // Whoever asks most recently is last; the rest have long been refilled.
      budgets.delete(userId)
      budgets.set(userId, budget)
      const oldest = budgets.keys().next().value
      if (budgets.size > mostKept && oldest) budgets.delete(oldest)
      return budget
    },
  }
}
