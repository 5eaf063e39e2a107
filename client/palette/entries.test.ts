import { expect, test } from 'vitest'
import type { Command } from '../commands/commands.ts'
import { commandEntries, offeredOnce, rank, splitMatch, type Entry } from './entries.ts'

const entry = (text: string): Entry => ({ id: text, kind: 'session', text, group: 'Go to', run: () => {} })
const command = (id: string, label: string, more: Partial<Command> = {}): Command => ({ id, label, group: 'room', run: () => {}, ...more })
const words = { goTo: 'Go to', files: 'Files', conversation: 'In the conversation', current: 'Open now', group: (group: string) => group }

test('what begins with the typed words stands above what holds their letters', () => {
  const found = rank([entry('Price list import'), entry('Regional sales view'), entry('Read the regions'), entry('Churn model')], 'reg')
  expect(found.map(({ text }) => text)).toEqual(['Regional sales view', 'Read the regions'])
  expect(rank([entry('Regional sales view')], 'rsv')).toHaveLength(1)
  expect(rank([entry('Regional sales view')], 'xq')).toEqual([])
})

test('with nothing typed everything stays in its order', () => {
  expect(rank([entry('B'), entry('A')], ' ').map(({ text }) => text)).toEqual(['B', 'A'])
})

test('of two offers of one command the later counts, and moving from item to item is no entry', () => {
  const offers = [[command('a', 'Fold'), command('j', 'Next item', { keysOnly: true })], [command('a', 'Unfold', { keys: ['x'] })]]
  const entries = commandEntries(offeredOnce(offers), words)
  expect(entries.map(({ text, keys }) => [text, keys])).toEqual([['Unfold', ['x']]])
})

test('what was typed is marked where it stands', () => {
  expect(splitMatch('src/regions.ts', 'REG')).toEqual(['src/', 'reg', 'ions.ts'])
  expect(splitMatch('Plan', 'zz')).toEqual(['Plan'])
})
