import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#shared/base/errors.ts'

const minuteS = 60

/**
 * How often one may try. Counted in this process: several processes behind one address multiply the numbers by their
 * count, which is still far from a guessable password.
 */
export function createLimits() {
  const signIn = [
    { key: (email: string, address: string) => `${address} ${email}`, limiter: failures(10) },
    // Across addresses. Higher, because it lets a stranger keep somebody out for a while.
    { key: (email: string) => email, limiter: failures(40) },
    { key: (_email: string, address: string) => address, limiter: failures(100) },
  ]
  const signUp = new RateLimiterMemory({ points: 300, duration: 60 * minuteS })
  /** Answers that tell whether an address has an account. */
  const revealing = new RateLimiterMemory({ points: 20, duration: 60 * minuteS })

  return {
    signIn: {
      /** @throws AppError `rate_limited` while one of the three counts is used up. */
      async check(email: string, address: string): Promise<void> {
        for (const { key, limiter } of signIn) {
          const seen = await limiter.get(key(email, address))
          if (seen && seen.consumedPoints >= limiter.points) throw tooMany(seen)
        }
      },
      async failed(email: string, address: string): Promise<void> {
        for (const { key, limiter } of signIn) await limiter.penalty(key(email, address))
      },
      async succeeded(email: string, address: string): Promise<void> {
        await signIn[0]?.limiter.delete(signIn[0].key(email, address))
      },
    },
    /** @throws AppError `rate_limited` */
    signUp: (address: string) => consume(signUp, address),
    /** @throws AppError `rate_limited` */
    revealing: (who: string) => consume(revealing, who),
  }
}

export type Limits = ReturnType<typeof createLimits>

const failures = (points: number) => new RateLimiterMemory({ points, duration: 15 * minuteS })

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(refused) : refused
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes): AppError {
  const retryAfterS = Math.max(1, Math.ceil(msBeforeNext / 1000))
  const minutes = Math.ceil(retryAfterS / 60)
  return new AppError('rate_limited', `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`, { retryAfterS })
}
