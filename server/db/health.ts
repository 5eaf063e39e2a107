import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import { databaseTrouble, postgresError } from './errors.ts'
import type { Database } from './port.ts'

type Pace = { /** Until it counts as not answering. */ deadlineMs: number; /** How long an answer holds for whoever asks next. */ freshMs: number }

const usualPace: Pace = { deadlineMs: 2_500, freshMs: 500 }
/** Looks that are waited for at once: a database that hangs for hours gathers no more of them. */
const mostLooks = 3
const retryAfterS = 5

/** Why it cannot serve; undefined when it can. */
type Answer = AppError | undefined

/**
 * Looks whether the database can serve: it answers in time, takes writes and has space. Whoever asks while a look is under
 * way gets its answer.
 * @returns a check that throws AppError `unavailable` with the reason
 */
export function createHealth(database: Pick<Database, 'rows' | 'transaction'>, { deadlineMs, freshMs } = usualPace) {
  let looks = 0
  let last: { answer: Promise<Answer>; until: number } | undefined

  async function look(): Promise<Answer> {
    if (looks >= mostLooks) return unavailable(noAnswer)
    looks += 1
    const looking = trouble(database).finally(() => (looks -= 1))
    const late = Promise.withResolvers<Answer>()
    const timer = setTimeout(() => late.resolve(unavailable(noAnswer)), deadlineMs)
    return Promise.race([looking, late.promise]).finally(() => clearTimeout(timer))
  }

  return async function check(): Promise<void> {
    if (!last || performance.now() > last.until) {
      const mine = { answer: look(), until: Infinity }
      last = mine
      void mine.answer.finally(() => (mine.until = performance.now() + freshMs))
    }
    const answer = await last.answer
    if (answer) throw answer
  }
}

const noAnswer = 'The database does not answer.'
/** Of what the check throws: it answers nobody, as against what it cannot do now. */
export const isSilence = (error: unknown): boolean => error instanceof AppError && error.message === noAnswer
const unavailable = (reason: string, cause?: unknown) => new AppError('unavailable', reason, { cause, retryAfterS })

/** Never throws. */
async function trouble(database: Pick<Database, 'rows' | 'transaction'>): Promise<Answer> {
  try {
    return await database.transaction(async (tx) => {
      const [state] = await database.rows<{ readonly: boolean }>(
        sql`select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as readonly, set_config('work_mem', '64kB', true)`,
        tx,
      )
      if (state?.readonly) return unavailable('The database takes no writes: it is read-only.')
      // More than fits its memory: half a megabyte goes to a new file on the disk, and leaves nothing, neither rows nor log.
      await database.rows(sql`select count(*) from generate_series(1, 40000)`, tx)
      return undefined
    })
  } catch (error) {
    // An operator may have bounded such files: that says nothing about the disk.
    if (postgresError(error)?.code === '53400') return undefined
    return unavailable(databaseTrouble(error) ?? 'The database cannot be used right now.', error)
  }
}
