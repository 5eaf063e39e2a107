import { expect, test } from 'vitest'
import { presented } from '#server/testing/presented.ts'
import { builder, ids } from '../testing.tsx'
import { FilePath } from '#shared/files/path.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { newId } from '#shared/base/new-id.ts'
import type { RunId } from '#shared/base/ids.ts'
import { agentPlace, madePlace, runPlace } from './agent-place.ts'

const call = (name: string, args: unknown, finishedAt: number | null = 2) =>
  presented<Item>({
    type: 'tool_call',
    id: ids.item(1),
    seq: 1,
    createdAt: 1,
    finishedAt,
    stepId: ids.step,
    author: builder,
    name,
    args,
    status: finishedAt === null ? 'running' : 'ok',
  })
const at = (...items: Item[]) => agentPlace(builder.id, { sessions: [], sessionId: ids.session, items, editing: 'notes/tides.md' as never })

test('an agent is where its newest call that shows somewhere is seen', () => {
  expect(at()).toEqual({ sessionId: ids.session })
  expect(at(call('edit_file', { path: 'src/a.ts' }), call('run_command', { command: 'ls' }))).toEqual({
    sessionId: ids.session,
    tab: 'files',
    file: 'src/a.ts',
    look: 'source',
  })
  expect(at(call('edit_file', { path: 'src/a.ts' }), call('run_python', { code: '1' }))).toMatchObject({ tab: 'python' })
  expect(at(call('ui_open_tab', { tab: 'preview' }))).toMatchObject({ tab: 'preview' })
  expect(at(call('ui_open_tab', { tab: 'elsewhere' }))).toEqual({ sessionId: ids.session })
})

test('while its arguments still come it is in the file it writes in', () => {
  expect(at(call('write_file', {}, null))).toMatchObject({ tab: 'files', file: 'notes/tides.md' })
  expect(at(call('write_file', { path: '../outside' }))).toEqual({ sessionId: ids.session })
})

test('one that runs in another session is there, and what was done here before says nothing', () => {
  const elsewhere = ids.session.replace(/.$/, '7') as typeof ids.session
  const session: SessionSummary = {
    id: elsewhere,
    projectId: ids.project,
    title: 'Other',
    createdBy: ids.ada,
    createdAt: 1,
    updatedAt: 1,
    archivedAt: null,
    run: { id: ids.run, agentId: builder.id, status: 'running' },
  }
  const known = { sessions: [session], sessionId: ids.session, items: [call('run_python', {})], editing: undefined }
  expect(agentPlace(builder.id, known)).toEqual({ sessionId: elsewhere })
})

test('a run is where its newest call that has begun is seen; what waits for people shows nothing yet', () => {
  const ofRun = (item: Item, status = item.type === 'tool_call' ? item.status : 'ok', runId: RunId = ids.run) => ({ ...item, runId, status }) as Item
  const wrote = ofRun(call('write_file', { path: 'tides/index.html' }))
  const at = (...items: Item[]) => runPlace(ids.run, items, undefined)
  expect(at()).toBeUndefined()
  expect(at(wrote)).toEqual({ tab: 'files', file: 'tides/index.html', look: 'source' })
  expect(at(wrote, ofRun(call('computer', {}, null), 'waiting'), ofRun(call('run_command', {})))).toMatchObject({ tab: 'files' })
  expect(at(wrote, ofRun(call('start_preview', { port: 5173 }, null), 'running'))).toMatchObject({ tab: 'files' })
  expect(at(wrote, ofRun(call('start_preview', { port: 5173 })))).toEqual({ tab: 'preview', port: 5173 })
  expect(at(wrote, ofRun(call('run_python', {}), 'ok', newId<RunId>('run')))).toMatchObject({ tab: 'files' })
})

test('what a run made is looked at as what it is', () => {
  const made = { files: [], figures: [], port: undefined }
  const path = FilePath.parse('tides/index.html')
  expect(madePlace({ ...made, main: { kind: 'page', path } })).toEqual({ tab: 'files', file: path, look: 'page' })
  expect(madePlace({ ...made, main: { kind: 'file', path } })).toEqual({ tab: 'files', file: path })
  expect(madePlace({ ...made, main: { kind: 'figure', id: newId('art') } })).toEqual({ tab: 'python' })
  expect(madePlace({ ...made, main: { kind: 'app', port: 80 } })).toEqual({ tab: 'preview', port: 80 })
})
