import type { Logger } from '../base/logger.ts'
import { isSilence } from './health.ts'
import { withWaits } from './waits.ts'

type Pace = {
  /** How often a call is looked at. */
  everyMs: number
  /** A query that has not ended for so many looks is a reason to ask whether the database answers at all. Looks and not time: they come late where this process itself has no time. */
  looks: number
  /** So often nobody was answered, one after the other. */
  silences: number
}

const usualPace: Pace = { everyMs: 1_000, looks: 4, silences: 2 }

/**
 * The deadline of calls on the database. One that waits for a query is given up when the database answers nobody; a long query of a
 * database that is well is waited for, however long it takes. While nobody is answered, further calls are refused before they begin,
 * so that they neither pile up nor happen long after they were told that they failed.
 * @param check asks the database; throws AppError `unavailable` with the reason
 */
export function createPatience(check: () => Promise<void>, log: Pick<Logger, 'warn' | 'info'>, { everyMs, looks, silences } = usualPace) {
  let silent = false

  function turn(isSilent: boolean): void {
    if (isSilent === silent) return
    silent = isSilent
    if (isSilent) log.warn('the database does not answer; calls are refused until it does')
    else log.info('the database answers again')
  }

  /** Why nobody is answered; undefined when the database says anything, be it that it cannot. */
  async function silence(): Promise<unknown> {
    const thrown = await check().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (isSilence(thrown)) return thrown
    turn(false)
    return undefined
  }

  /** What was begun may still end later, and is no longer waited for. @throws whatever `work` throws; AppError `unavailable` when it is given up */
  return async function patiently(work: () => Promise<void>): Promise<void> {
    const reason = silent && (await silence())
    if (reason) throw reason
    const givenUp = Promise.withResolvers<void>()
    const { result, look, isWaiting } = withWaits(work)
    let asking = false
    let unanswered = 0
    async function watch(): Promise<void> {
      if (look() < looks || asking) return
      asking = true
      const why = await silence()
      asking = false
      unanswered = why ? unanswered + 1 : 0
      if (!why || unanswered < silences) return
      // What has just come in is handled first.
      setImmediate(() => {
        if (!isWaiting()) return
        turn(true)
        givenUp.reject(why)
      })
    }
    const timer = setInterval(() => void watch(), everyMs).unref()
    await Promise.race([result, givenUp.promise]).finally(() => clearInterval(timer))
  }
}
