import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError, asAppError } from './errors.ts'
import { ItemId, ProjectId } from './ids.ts'
import { memoParse } from './memo-parse.ts'
import { oneLine } from './one-line.ts'
import { newId } from './new-id.ts'

test('a new id is a prefixed UUIDv7 whose order is the order of time', () => {
  const earlier = newId('prj', 1_700_000_000_000)
  const later = newId('prj', 1_700_000_000_001)
  expect(ProjectId.parse(earlier)).toBe(earlier)
  expect(earlier).toMatch(/^prj_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(earlier < later).toBe(true)
  expect(Number.parseInt(earlier.slice(4, 17).replace('-', ''), 16)).toBe(1_700_000_000_000)
})

test('an id with the wrong prefix or shape is refused', () => {
  for (const bad of ['', 'prj_', 'prj_1', newId('ses'), `${newId('prj')}x`, newId<string>('prj').toUpperCase()]) {
    expect(ProjectId.safeParse(bad).success, bad).toBe(false)
  }
  expect(ItemId.safeParse(newId('msg')).success).toBe(true)
  expect(ItemId.safeParse(newId('itm').replaceAll('-', '')).success).toBe(true)
})

test('an unknown error becomes internal and keeps itself as the cause, not in its message', () => {
  const cause = new Error('password is hunter2')
  const error = asAppError(cause)
  expect(error).toMatchObject({ code: 'internal', cause })
  expect(error.message).not.toContain('hunter2')
  const known = new AppError('conflict', 'twice')
  expect(asAppError(known)).toBe(known)
})

test('the same stored object parses to the same value, and a malformed one to nothing', () => {
  const parse = memoParse(z.object({ n: z.number() }))
  const stored = { n: 1, extra: true }
  expect(parse(stored)).toEqual({ n: 1 })
  expect(parse(stored)).toBe(parse(stored))
  expect(parse({ n: 'x' })).toBeUndefined()
  expect(parse(null)).toBeUndefined()
})

test('a name is one line that looks like what it is', () => {
  const name = oneLine(z.string().trim().min(1))
  for (const good of ['Ada', 'Tomás Ó Súilleabháin', '林美', 'עדה', '👩‍🚀 Mei', '  padded\n']) expect(name.safeParse(good).success, good).toBe(true)
  for (const bad of ['Ada\nBuilder: yes', 'a\u0000b', 'a\tb', 'a\u2028b', 'evil\u202etxt.exe', 'half \ud800', ' \n ']) {
    expect(name.safeParse(bad).success, JSON.stringify(bad)).toBe(false)
  }
})
