import { expect, test } from 'vitest'
import { assignHues } from './hues.tsx'

test('people of a room have hues of their own, whoever asks in whatever order', () => {
  const people = ['usr_ada', 'usr_mei', 'usr_tomas', 'usr_jonas', 'usr_ines', 'usr_kofi']
  const hues = assignHues(people)
  expect(new Set(hues.values()).size).toBe(6)
  expect([...assignHues(people.toReversed()).entries()]).toEqual([...hues.entries()])
  expect(assignHues([...people, 'usr_zoe']).get('usr_zoe')).toBeDefined()
})
