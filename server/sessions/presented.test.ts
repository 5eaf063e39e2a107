import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ItemId, RunId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { readItems, readLive, sessionItems } from '#shared/sessions/doc.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { presentItem } from '../tools/present.ts'
import { beginLive, level, pushItems } from './projection.ts'

/** A call as it was stored before calls said how they are shown. */
const before = (seq: number, call: Partial<ToolCallItem> = {}): ToolCallItem => ({
  type: 'tool_call',
  id: newId<ItemId>('itm', seq + 1),
  seq,
  runId,
  stepId: newId<StepId>('stp', seq + 1),
  createdAt: seq + 1,
  finishedAt: seq + 1,
  author: { kind: 'agent', id: 'builder', name: 'Builder' } as ToolCallItem['author'],
  name: 'read_file',
  args: { path: 'tide.txt' },
  status: 'ok',
  ...call,
})
const runId = newId<RunId>('run')
const truth = (items: Item[], open: Item[] = []) => ({ items, open, run: undefined, runs: [], queue: [], states: {} })

test('a session from before says how its calls are shown once it is loaded, and is not written again', () => {
  const doc = new Y.Doc()
  const items = [before(1), before(2, { name: 'run_command', args: { command: 'ls' } })]
  const waiting = before(0, { status: 'waiting', finishedAt: null, name: 'edit_file' })
  pushItems(doc, items)
  beginLive(doc, waiting)
  doc.transact(() => level(doc, truth(items.map(presentItem), [presentItem(waiting)])))
  expect(readItems(doc)).toMatchObject([
    { seq: 1, presentation: { verb: 'read' } },
    { seq: 2, presentation: { kind: 'command' } },
  ])
  expect(readLive(doc).map(({ item }) => item)).toMatchObject([{ status: 'waiting', presentation: { kind: 'diff' } }])

  let changes = 0
  sessionItems(doc).observe(() => (changes += 1))
  doc.transact(() => level(doc, truth(items.map(presentItem), [presentItem(waiting)])))
  expect(changes).toBe(0)
})
