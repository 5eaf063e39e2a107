import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { isDatabaseAway } from './errors.ts'

const failed = (code: string) => new DrizzleQueryError('select 1', [], Object.assign(new Error('no'), { code }))

test('a database that is not there is told from a query that is wrong', () => {
  for (const code of ['ECONNREFUSED', 'CONNECTION_CLOSED', '57P03', '08006', '53300']) expect(isDatabaseAway(failed(code)), code).toBe(true)
  expect(isDatabaseAway(Object.assign(new Error('write CONNECTION_ENDED'), { code: 'CONNECTION_ENDED' }))).toBe(true)
  for (const code of ['23505', '22021', '42P01']) expect(isDatabaseAway(failed(code)), code).toBe(false)
  // A model service or a sandbox that does not answer is another matter.
  expect(isDatabaseAway(Object.assign(new Error('fetch failed'), { code: 'ECONNREFUSED' }))).toBe(false)
})
