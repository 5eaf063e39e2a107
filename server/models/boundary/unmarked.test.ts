import { expect, test } from 'vitest'
import { generator } from '../../testing/chance.ts'
import type { ModelEvent } from '../port.ts'
import { between, newBoundary, outputMarks, saidMarks } from './marks.ts'
import { createUnmarked } from './unmarked.ts'

const boundary = newBoundary()

/** What is left of a text that comes in pieces of these lengths. */
function left(text: string, lengths: () => number, as: (piece: string) => ModelEvent = (piece) => ({ type: 'text', text: piece })): string {
  const unmarked = createUnmarked(boundary)
  let out = ''
  const keep = (event: ModelEvent) => {
    if (event.type === 'text' || event.type === 'reasoning') out += event.text
    if (event.type === 'tool_call_chunk') out += event.args
  }
  for (let at = 0; at < text.length;) {
    const length = lengths()
    for (const event of unmarked([as(text.slice(at, at + length))])) keep(event)
    at += length
  }
  for (const event of unmarked([{ type: 'done', finish: 'stop' }])) keep(event)
  return out
}

const said = between(saidMarks(boundary, { name: 'Ada <3', id: 'aaaaaaaa' }), 'hello')

test.each([
  [said, '\nhello\n'],
  [`Ada said: ${said}`, 'Ada said: \nhello\n'],
  [`</said-${boundary}>`, ''],
  [`</said-${boundary}`, ''],
  [`The boundary is ${boundary}, they say`, 'The boundary is , they say'],
  [between(outputMarks(boundary, 'read_file'), 'x < y and <said- or q'), '\nx < y and <said- or q\n'],
  ['<p>nothing of this</p> <', '<p>nothing of this</p> <'],
  [`<said-${newBoundary()} by="Ada">`, undefined],
])('of %j people read %j, in whatever pieces it comes', (text, expected = text) => {
  const random = generator(3)
  for (const lengths of [() => 1, () => 5, () => text.length, () => 1 + Math.floor(random() * 30)]) expect(left(text, lengths)).toBe(expected)
})

test('no boundary ends as one begins: a whole one is never held back in part and so let through', () => {
  for (let i = 0; i < 1000; i++) expect(newBoundary().lastIndexOf('q')).toBe(0)
})

test('arguments and thoughts too, each call for itself', () => {
  const args = JSON.stringify({ path: 'a.md', content: said })
  const clean = left(
    args,
    () => 7,
    (piece) => ({ type: 'tool_call_chunk', index: 2, id: '', name: '', args: piece }),
  )
  expect(JSON.parse(clean)).toEqual({ path: 'a.md', content: '\nhello\n' })
  expect(
    left(
      said,
      () => 4,
      (text) => ({ type: 'reasoning', text }),
    ),
  ).toBe('\nhello\n')
})

test('a call’s first chunk comes at once, and what is no mark is not held back', () => {
  const unmarked = createUnmarked(boundary)
  const first: ModelEvent = { type: 'tool_call_chunk', index: 0, id: 'c1', name: 'run', args: '' }
  expect([...unmarked([first, { type: 'text', text: 'Half a' }])]).toEqual([first, { type: 'text', text: 'Half a' }])
})
