import { expect, test } from 'vitest'
import type { UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Person } from '../auth/principal.ts'
import { stampState } from './presence.ts'

const mei = { userId: newId<UserId>('usr'), name: 'Mei' } as Person
const shown = (reading: unknown) => stampState('project', mei, { place: { reading } })

test('what somebody reads is shown when it is the end or a part of an item, and nothing else is', () => {
  const item = newId('itm')
  for (const reading of ['end', { item, at: 0 }, { item, at: 0.25 }])
    expect(shown(reading)).toMatchObject({ user: { name: 'Mei' }, place: { reading } })
  expect(shown({ item, at: 0.5, more: 'x'.repeat(1000) })).toMatchObject({ place: { reading: { item, at: 0.5 } } })
  expect(JSON.stringify(shown({ item, at: 0.5, more: 'x' }))).not.toContain('more')
  for (const reading of [
    'start',
    item,
    { item },
    { item, at: 1.5 },
    { item, at: Number.NaN },
    { item: `${item}${'0'.repeat(500)}`, at: 0 },
    { item: 'usr_1', at: 0 },
  ])
    expect(shown(reading)).toBeUndefined()
})
