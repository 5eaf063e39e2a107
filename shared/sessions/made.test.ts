import { expect, test } from 'vitest'
import type { RunId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import { ToolCallItem, type Item } from './items.ts'
import { madeByRun } from './made.ts'

const runId = newId<RunId>('run')
const picture = newId('art')
let seq = 0
const call = (presentation: unknown, status = 'ok', run: RunId = runId): Item => {
  seq += 1
  return ToolCallItem.parse({
    type: 'tool_call',
    id: newId('itm'),
    seq,
    runId: run,
    createdAt: 1,
    finishedAt: 2,
    stepId: newId('stp'),
    author: { kind: 'agent', id: 'builder', name: 'Builder' },
    name: 'a_tool',
    args: {},
    status,
    presentation,
  })
}
const written = (path: string, title?: string, added = 3) =>
  call({ kind: 'diff', made: { files: [{ path, added, removed: 0, ...(title && { title }) }] } })
const printed = { kind: 'command', language: 'python', command: { in: 'args', at: ['code'] } }
const made = (...items: Item[]) => madeByRun(items).get(runId)

test('a run that wrote a page made its files, and is looked at as that page', () => {
  const page = 'Tides today'
  expect(
    made(written('tides/index.html', page), written('tides/style.css'), written('tides/about.html'), written('tides/index.html', page, 2)),
  ).toEqual({
    files: [
      { path: 'tides/index.html', kind: 'page', added: 5, removed: 0, title: 'Tides today' },
      { path: 'tides/style.css', kind: 'file', added: 3, removed: 0 },
      { path: 'tides/about.html', kind: 'page', added: 3, removed: 0 },
    ],
    figures: [],
    port: undefined,
    main: { kind: 'page', path: 'tides/index.html' },
  })
})

test('what a command or a cell changed counts as made, and a figure is seen before a text', () => {
  const command = call({ ...printed, made: { files: [{ path: 'plots/waves.png' }, { path: 'out/data.csv' }] } })
  expect(made(command)?.files.map(({ path, kind }) => [path, kind])).toEqual([
    ['plots/waves.png', 'picture'],
    ['out/data.csv', 'file'],
  ])
  expect(made(command)?.main).toEqual({ kind: 'picture', path: 'plots/waves.png' })
  const cell = call({ ...printed, pictures: [{ id: picture, name: 'output-1.png' }], made: { files: [], figures: 2 } })
  expect(made(written('notes.md'), cell)).toMatchObject({
    figures: [{ id: picture, name: 'output-1.png' }],
    main: { kind: 'figure', id: picture },
  })
})

test('an app that was started after its page is what is looked at; a page written after it is looked at itself', () => {
  const start = call({ kind: 'json', made: { files: [], app: { port: 5173 } } })
  expect(made(written('index.html'), start)).toMatchObject({ port: 5173, main: { kind: 'app', port: 5173 } })
  expect(made(start, written('index.html'))).toMatchObject({ port: 5173, main: { kind: 'page', path: 'index.html' } })
})

test('what failed, or only looked, made nothing; other runs have theirs', () => {
  const other = newId<RunId>('run')
  const read = call({ kind: 'text', content: { in: 'result', at: ['content'] } })
  const failed = call({ kind: 'diff', made: { files: [{ path: 'a.html' }] } }, 'failed')
  expect(made(read, failed, call({ kind: 'diff', made: { files: [{ path: 'b.md' }] } }, 'ok', other))).toBeUndefined()
  expect(madeByRun([call({ kind: 'diff', made: { files: [{ path: 'b.md' }] } }, 'ok', other)]).get(other)?.main).toEqual({
    kind: 'file',
    path: 'b.md',
  })
})
