import { pino } from 'pino'
import { beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '#shared/base/errors.ts'
import { createHealth } from './health.ts'
import { createPatience } from './patience.ts'
import { noteWait } from './waits.ts'

const pace = { everyMs: 5, looks: 3, silences: 2 }
const log = pino({ level: 'silent' })

/** A database that answers when it is let. */
let answers: PromiseWithResolvers<void>
let isHung: boolean
let asked: number
beforeEach(() => {
  answers = Promise.withResolvers()
  isHung = false
  asked = 0
})
const health = createHealth(
  {
    rows: () => Promise.resolve([]),
    async transaction() {
      asked += 1
      if (isHung) await answers.promise
      return undefined as never
    },
  },
  { deadlineMs: 20, freshMs: 0 },
)
const patiently = () => createPatience(health, log, pace)
const query = () => noteWait(answers.promise)
/** Settles when the health was asked so often. */
const untilAsked = async (times: number) => {
  while (asked < times) await new Promise((resolve) => setImmediate(resolve))
}
const silence = { code: 'unavailable', message: 'The database does not answer.' }

test('a call that waits for a database which answers nobody is given up, and those after it do not begin', async () => {
  isHung = true
  const call = patiently()
  await expect(call(query)).rejects.toMatchObject(silence)
  let begun = false
  await expect(call(async () => void (begun = true))).rejects.toMatchObject(silence)
  expect(begun).toBe(false)
  answers.resolve()
  isHung = false
  await vi.waitFor(() => call(async () => void (begun = true)))
  expect(begun).toBe(true)
})

test('a long query of a database that is well is waited for', async () => {
  const done = patiently()(query)
  await untilAsked(5)
  answers.resolve()
  await expect(done).resolves.toBeUndefined()
})

test('a call that waits for something else is not cut, whatever ails the database', async () => {
  isHung = true
  const other = Promise.withResolvers<void>()
  const done = patiently()(() => other.promise)
  await expect(patiently()(query)).rejects.toMatchObject(silence)
  other.resolve()
  await expect(done).resolves.toBeUndefined()
})

test('what the database cannot do now is told by the query itself, not by a look at its health', async () => {
  const call = createPatience(
    async () => {
      asked += 1
      throw new AppError('unavailable', 'The database takes no writes: it is read-only.')
    },
    log,
    pace,
  )
  const done = call(query)
  await untilAsked(3)
  answers.resolve()
  await expect(done).resolves.toBeUndefined()
})

test('an error of the call is thrown as it is', async () => {
  await expect(
    patiently()(async () => {
      throw new Error('nonsense')
    }),
  ).rejects.toThrow('nonsense')
})
