import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { AgentId, RunId, UserId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { ClientAuthor } from '#shared/files/state.ts'
import { newestIn, writtenAt } from '../editor/written-by.ts'
import { sharesOf } from './author-shares.ts'
import { createWrittenSource, writtenOf } from './written-source.ts'

const run = 'run_0190a6e0-0000-7000-8000-000000000001' as RunId
const mei = { kind: 'user', id: 'usr_0190a6e0-0000-7000-8000-000000000002' as UserId, name: 'Mei' } as const
const builder = {
  kind: 'agent',
  id: 'builder' as AgentId,
  name: 'Builder',
  runId: run,
  causedBy: { id: mei.id, name: 'Mei' },
  by: 'tool',
} as const
const words = { command: (agent: string) => `${agent}, with a command`, sandbox: 'A command', own: 'You' }

/** A text found on the disk, to which others add from documents of their own. */
function room() {
  const doc = new Y.Doc()
  const text = fileText(doc)
  const add = (client: number, at: number, what: string) => {
    const other = new Y.Doc()
    other.clientID = client
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    fileText(other).insert(at, what)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  }
  add(1, 0, 'found text\n')
  return { doc, text, add }
}
const authors: ClientAuthor[] = [
  { client: 1, author: { kind: 'disk' } },
  { client: 2, author: mei },
  { client: 3, author: builder },
]
const later = 'run_0190a6e0-0000-7000-8000-000000000009' as RunId
const options = (doc: Y.Doc, runId = run) => ({ own: doc.clientID, runId, words, seenAt: () => undefined })

test('each stretch says who wrote it last; what was found on the disk says nothing', () => {
  const { doc, text, add } = room()
  add(2, 5, ', Mei')
  add(3, 0, 'Builder: ')
  text.insert(0, '> ')
  const { written, unknown } = writtenOf(text, authors, options(doc))
  expect(unknown).toBe(false)
  expect(written.map(({ from, to, name, inRun }) => [text.toJSON().slice(from, to), name, inRun])).toEqual([
    ['> ', 'You', false],
    ['Builder: ', 'Builder', true],
    [', Mei', 'Mei', false],
  ])
})

test('an agent of an earlier run wrote it, but not in this one', () => {
  const { doc, text, add } = room()
  add(3, 0, 'Builder: ')
  expect(writtenOf(text, authors, options(doc, later)).written[0]).toMatchObject({ name: 'Builder', inRun: false })
})

test('neighbours of one author are one stretch', () => {
  const { doc, text, add } = room()
  add(2, 0, 'one ')
  add(4, 4, 'two ')
  const { written } = writtenOf(text, [...authors, { client: 4, author: mei }], options(doc))
  expect(written).toHaveLength(1)
  expect(written[0]).toMatchObject({ from: 0, to: 8, name: 'Mei' })
})

test('who is not known yet is asked for, and shown once known', async () => {
  const { text, add } = room()
  const ask = vi.fn<() => void>()
  const source = createWrittenSource(text, words, ask)
  add(9, 0, 'Tomás ')
  await vi.waitFor(() => expect(ask).toHaveBeenCalled())
  source.setAuthors([...authors, { client: 9, author: { ...mei, name: 'Tomás' } }])
  await vi.waitFor(() => expect(source.written.get()[0]?.name).toBe('Tomás'))
  expect(source.written.get()[0]?.at).toBeTypeOf('number')
  source.stop()
})

test('who comes a moment after somebody was asked for is asked for as well', async () => {
  const { text, add } = room()
  const asked: number[] = []
  const times: number[] = []
  const source = createWrittenSource(text, words, () => {
    asked.push(text.length)
    times.push(performance.now())
  })
  add(9, 0, 'Tomás ')
  await vi.waitFor(() => expect(asked).toEqual([17]))
  source.setAuthors([...authors, { client: 9, author: { ...mei, name: 'Tomás' } }])
  add(10, 6, 'Li ')
  add(11, 9, 'Ada ')
  await vi.waitFor(() => expect(asked).toEqual([17, 24]), { timeout: 5000 })
  // Not with each of their keys.
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1400)
  source.stop()
})

test('what was written before one came has the time that the server knows, and none where it knows none', async () => {
  const { text, add } = room()
  add(2, 0, 'early ')
  const source = createWrittenSource(text, words, () => {})
  source.setAuthors(authors)
  await vi.waitFor(() => expect(source.written.get()[0]).toMatchObject({ name: 'Mei', at: undefined }))
  source.setAuthors(authors, [{ client: 2, from: 3, at: 1234 }])
  await vi.waitFor(() => expect(source.written.get()[0]).toMatchObject({ name: 'Mei', at: 1234 }))
  source.setAuthors(authors, [{ client: 2, from: 40, at: 1234 }])
  await vi.waitFor(() => expect(source.written.get()[0]).toMatchObject({ name: 'Mei', at: undefined }))
  source.stop()
})

test('the stretch at an offset, and the newest on a line', () => {
  const one = { kind: 'person', inRun: false } as const
  const written = [
    { ...one, from: 2, to: 5, name: 'Ada', at: 10 },
    { ...one, from: 8, to: 12, name: 'Mei', at: 30 },
    { ...one, from: 12, to: 20, name: 'Ada', at: 20 },
  ]
  expect([1, 2, 4, 5, 8, 12, 19, 20].map((at) => writtenAt(written, at)?.name)).toEqual([
    undefined,
    'Ada',
    'Ada',
    undefined,
    'Mei',
    'Ada',
    'Ada',
    undefined,
  ])
  expect(newestIn(written, 0, 15)?.name).toBe('Mei')
  expect(newestIn(written, 13, 20)?.name).toBe('Ada')
  expect(newestIn(written, 5, 8)).toBeUndefined()
})

test('shares are of the whole text, and what was found counts as such', () => {
  const one = { kind: 'person', inRun: false, at: undefined } as const
  const shares = sharesOf(
    [
      { ...one, from: 0, to: 30, name: 'Ada' },
      { ...one, from: 40, to: 50, name: 'Mei' },
      { ...one, from: 60, to: 80, name: 'Ada', at: 7 },
    ],
    100,
  )
  expect(shares.map(({ name, share, at }) => [name, share, at])).toEqual([
    ['Ada', 0.5, 7],
    [undefined, 0.4, undefined],
    ['Mei', 0.1, undefined],
  ])
})
