import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { databaseTrouble, failedQuery, isDatabaseAway } from './errors.ts'

const withCode = (code: string) => Object.assign(new Error('no'), { code })
const failed = (code: string) => new DrizzleQueryError('select 1', [], withCode(code))

test('a database that is not there is told from a query that is wrong', () => {
  for (const code of ['ECONNREFUSED', 'CONNECTION_CLOSED', '57P03', '08006', '53300', '25006', '53100', '58030'])
    expect(isDatabaseAway(failed(code)), code).toBe(true)
  expect(isDatabaseAway(Object.assign(new Error('write CONNECTION_ENDED'), { code: 'CONNECTION_ENDED' }))).toBe(true)
  for (const code of ['23505', '22021', '42P01', '42501', '40001']) expect(isDatabaseAway(failed(code)), code).toBe(false)
  // A model service or a sandbox that does not answer is another matter, unless a transaction could not begin.
  expect(isDatabaseAway(withCode('ECONNREFUSED'))).toBe(false)
  expect(isDatabaseAway(failedQuery('begin', withCode('ECONNREFUSED')))).toBe(true)
})

test('each trouble has its own words', () => {
  const said = Object.fromEntries(
    ['25006', '53100', '58030', '53300', '57P01', '57P02', '57P03', '3D000', '08006'].map((code) => [code, databaseTrouble(failed(code))]),
  )
  expect(said).toEqual({
    25006: 'The database takes no writes: it is read-only.',
    53100: 'The database has no space left on its disk.',
    58030: 'The database cannot read or write its disk.',
    53300: 'The database has too many connections.',
    '57P01': 'The database is starting or stopping.',
    '57P02': 'The database is starting or stopping.',
    '57P03': 'The database is starting or stopping.',
    '3D000': 'The database does not let this server in.',
    '08006': 'The database does not answer.',
  })
})
