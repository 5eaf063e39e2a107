import { createHash } from 'node:crypto'
import { type RateLimiterAbstract, RateLimiterDrizzle, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#shared/base/errors.ts'
import { networkOf } from '../base/addresses.ts'
import type { Db } from '../db/port.ts'
import { attempts } from './table.ts'

const minuteS = 60

/**
 * How often one may try. A count is taken before anything is done for it, so that a thousand who come at once are counted as a thousand who
 * come one after another.
 * @param shared where all processes count together; without it this process counts alone
 */
export function createLimits(shared?: Db) {
  const limiter = (name: string, points: number, minutes: number): RateLimiterAbstract => {
    const options = { keyPrefix: name, points, duration: minutes * minuteS }
    return shared ? new RateLimiterDrizzle({ ...options, storeClient: shared, schema: attempts }) : new RateLimiterMemory(options)
  }
  /** Of what was wrong, within a quarter of an hour. */
  const failures = (name: string, points: number) => limiter(name, points, 15)
  const signIn = [
    { key: (email: string, network: string) => `${network} ${email}`, limiter: failures('sign-in', 10) },
    // Across addresses. Higher, because it lets a stranger keep somebody out for a while.
    { key: (email: string) => email, limiter: failures('sign-in-email', 40) },
    { key: (_email: string, network: string) => network, limiter: failures('sign-in-network', 100) },
  ]
  const signUp = limiter('sign-up', 300, 60)
  const setupCode = failures('setup-code', 10)
  const resetLink = failures('reset-link', 20)
  const resetLinks = limiter('reset-links', 10, 60)
  /** Answers that tell whether an address has an account. */
  const revealing = limiter('revealing', 20, 60)

  return {
    /**
     * Counts an attempt at a password, then lets `verify` look at it. Only what it finds wrong (undefined) stays counted; who
     * is right starts anew. What cannot be looked at, because it throws, does not count.
     * @throws AppError `rate_limited` while one of the three counts is used up; nothing is looked at then
     */
    async signIn<T>(email: string, address: string, verify: () => Promise<T | undefined>): Promise<T | undefined> {
      const taken = signIn.map(({ key, limiter }) => ({ limiter, key: hashOf(key(email, networkOf(address))) }))
      const giveBack = async (some: typeof taken) => {
        for (const { limiter, key } of some) await limiter.reward(key)
      }
      for (const [at, { limiter, key }] of taken.entries()) {
        await consume(limiter, key).catch(async (refused: unknown) => {
          await giveBack(taken.slice(0, at))
          throw refused
        })
      }
      const found = await verify().catch(async (failed: unknown) => {
        await giveBack(taken)
        throw failed
      })
      if (found === undefined) return undefined
      await giveBack(taken.slice(1))
      await taken[0]?.limiter.delete(taken[0].key)
      return found
    },
    /** @throws AppError `rate_limited` */
    signUp: (address: string) => consume(signUp, hashOf(networkOf(address))),
    /** @throws AppError `rate_limited` */
    setupCode: (address: string) => consume(setupCode, hashOf(networkOf(address))),
    /** Attempts to use a link to choose a password. @throws AppError `rate_limited` */
    resetLink: (address: string) => consume(resetLink, hashOf(networkOf(address))),
    /** Such links that are made for one person. @throws AppError `rate_limited` */
    resetLinks: (userId: string) => consume(resetLinks, hashOf(userId)),
    /** @throws AppError `rate_limited` */
    revealing: (who: string) => consume(revealing, hashOf(networkOf(who))),
  }
}

export type Limits = ReturnType<typeof createLimits>

const hashOf = (key: string) => createHash('sha256').update(key).digest('base64url')

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    // Only what was granted counts: what is given back later must make room.
    await limiter.reward(key)
    throw tooMany(refused)
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes): AppError {
  const retryAfterS = Math.max(1, Math.ceil(msBeforeNext / 1000))
  const minutes = Math.ceil(retryAfterS / 60)
  return new AppError('rate_limited', `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`, { retryAfterS })
}
