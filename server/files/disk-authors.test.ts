import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import { createDiskAuthors } from './disk-authors.ts'

const [tide, moon, folder] = ['sea/tide.txt', 'moon.txt', 'sea'] as FilePath[] as [FilePath, FilePath, FilePath]
const ada: FileAuthor = { kind: 'user', id: 'usr_ada' as UserId, name: 'Ada' }
const agent = (runId: string): FileAuthor => ({
  kind: 'agent',
  id: 'builder' as never,
  name: 'Builder',
  runId: runId as RunId,
  causedBy: { id: 'usr_ada' as UserId, name: 'Ada' },
  by: 'command',
})
const [build, format] = [agent('run_build'), agent('run_format')]
const sandbox: FileAuthor = { kind: 'sandbox' }

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('nobody said anything: it was some program', () => {
  const authors = createDiskAuthors()
  expect(authors.authorOf(tide)).toEqual(sandbox)
  expect(authors.commandsSince()).toBeUndefined()
})

test('a command is the author while it goes on and a moment longer, the one that began last before others', () => {
  const authors = createDiskAuthors()
  vi.advanceTimersByTime(1_000)
  const buildEnds = authors.commandBegan(build)
  vi.advanceTimersByTime(1_000)
  const formatEnds = authors.commandBegan(format)
  expect([authors.authorOf(tide), authors.commandsSince()]).toEqual([format, 1_000])
  formatEnds()
  vi.advanceTimersByTime(400)
  expect(authors.authorOf(tide)).toEqual(format)
  vi.advanceTimersByTime(1)
  expect(authors.authorOf(tide)).toEqual(build)
  buildEnds()
  vi.advanceTimersByTime(401)
  expect([authors.authorOf(tide), authors.commandsSince()]).toEqual([sandbox, undefined])
})

test.each<[string, FilePath[] | undefined, { tide: FileAuthor; moon: FileAuthor }]>([
  ['of a file', [tide], { tide: ada, moon: build }],
  ['of a folder', [folder], { tide: ada, moon: build }],
  ['of everything', undefined, { tide: ada, moon: ada }],
])('whoever says so comes before commands: %s', (_what, paths, expected) => {
  const authors = createDiskAuthors()
  authors.commandBegan(build)
  authors.note(ada, paths)
  expect({ tide: authors.authorOf(tide), moon: authors.authorOf(moon) }).toEqual(expected)
  vi.advanceTimersByTime(2_000)
  expect(authors.authorOf(tide)).toEqual(build)
})

test.each<[string, FilePath[] | undefined, FilePath[] | undefined, { open: FilePath[]; after: number }, FileAuthor]>([
  ['an open file is told a moment later', [tide], [tide], { open: [tide], after: 399 }, ada],
  ['then it is over', [tide], [tide], { open: [tide], after: 400 }, sandbox],
  ['so it is of a file below', [folder], [folder], { open: [tide], after: 399 }, ada],
  ['where nothing is open, at once', [tide], [tide], { open: [moon], after: 0 }, sandbox],
  ['what was noted of more is not over', [tide, moon], [tide, folder], { open: [tide], after: 1_000 }, ada],
  ['what was noted of everything is not over', undefined, [tide], { open: [tide], after: 1_000 }, ada],
  ['all of it is', undefined, undefined, { open: [tide], after: 400 }, sandbox],
])('what was said has happened: %s', (_what, noted, done, { open, after }, author) => {
  const authors = createDiskAuthors()
  vi.advanceTimersByTime(10)
  authors.note(ada, noted)
  authors.done(done, open)
  vi.advanceTimersByTime(after)
  expect(authors.authorOf(tide)).toEqual(author)
})
