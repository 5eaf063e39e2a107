import { expect, test } from 'vitest'
import type { EventItem } from '#shared/sessions/items.ts'
import { ada, ids } from '../testing.tsx'
import { eventText } from './event-text.ts'

const told = (event: EventItem['event'], detail?: EventItem['detail']) =>
  eventText({
    id: ids.item(1),
    seq: 1,
    createdAt: 1,
    finishedAt: 1,
    type: 'event',
    event,
    text: 'its own sentence',
    by: ada,
    ...(detail && { detail }),
  })

test('control is told with both names', () => {
  expect(told('control_taken', { other: 'Mei' })).toBe('Ada took control of the desktop from Mei.')
  expect(told('control_given', { other: 'Mei' })).toBe('Ada handed the desktop to Mei.')
  expect(told('control_taken')).toBe('Ada took control of the desktop.')
})

test('what says too little is told in its own words', () => {
  expect(told('control_given')).toBe('its own sentence')
})
