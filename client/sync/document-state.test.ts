import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { afterEvent, finalOf, type DocumentEvent, type DocumentState } from './document-state.ts'

const shown = new Y.Doc()
const server = { doc: new Y.Doc(), awareness: null }
const at = (status: DocumentState['status'], access: DocumentState['access'] = 'read'): DocumentState => ({
  status,
  access,
  doc: shown,
  awareness: null,
})

test.each<[string, DocumentState, DocumentEvent, Partial<DocumentState>]>([
  ['what was kept is shown', at('joining'), { type: 'restored', access: 'write' }, { status: 'kept', access: 'write' }],
  ['signing in tells what one may do', at('kept'), { type: 'access', access: 'write' }, { status: 'kept', access: 'write' }],
  ['a right that is taken leaves the document', at('ready', 'write'), { type: 'access', access: 'read' }, { status: 'ready', access: 'read' }],
  ['joined', at('joining', 'write'), { type: 'synced', joined: server }, { status: 'ready', access: 'write', doc: server.doc }],
  ['joined after what was kept', at('kept', 'write'), { type: 'synced', joined: server }, { status: 'ready', doc: server.doc }],
  [
    'begun again, what is shown stays until the server’s is here',
    at('ready', 'write'),
    { type: 'begun-again', joined: server, refused: false },
    { status: 'ready', doc: shown },
  ],
  [
    'begun again, refused edits are not shown any more',
    at('ready', 'write'),
    { type: 'begun-again', joined: server, refused: true },
    { status: 'joining', access: 'write', doc: server.doc },
  ],
  ['no right to it', at('ready', 'write'), { type: 'shut', as: 'denied' }, { status: 'denied', access: 'read' }],
  ['nothing behind the name', at('joining'), { type: 'shut', as: 'gone' }, { status: 'gone' }],
  ['what is gone stays gone', at('gone'), { type: 'shut', as: 'denied' }, { status: 'gone' }],
  ['a door that is open again', at('denied'), { type: 'synced', joined: server }, { status: 'ready', doc: server.doc }],
])('%s', (_, before, event, after) => {
  expect(afterEvent(before, event)).toMatchObject(after)
})

test('what changes nothing is the same state', () => {
  const state = at('ready', 'write')
  expect(afterEvent(state, { type: 'access', access: 'write' })).toBe(state)
  expect(afterEvent(state, { type: 'synced', joined: { doc: shown, awareness: null } })).toBe(state)
})

test('a refusal without a known reason may pass', () => {
  expect([finalOf('forbidden'), finalOf('not found'), finalOf('unauthenticated'), finalOf('the server is starting')]).toEqual([
    'denied',
    'gone',
    'signed-out',
    undefined,
  ])
})
