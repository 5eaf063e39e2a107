import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { UnmergedEdit } from '../offline/offline-store.ts'
import { textsOf } from './unmerged-texts.ts'
import { mergeOfflineEdits } from './merge-offline-edits.ts'

const project = newId('prj')
const edit = (name: string, doc: Y.Doc, before?: Uint8Array): UnmergedEdit => ({
  id: 'hin_1',
  name,
  at: 0,
  before: before && [before],
  mine: Y.encodeStateAsUpdate(doc),
  edits: 1,
  large: true,
})

test('of what all write together only the text is kept that was written last', () => {
  const doc = new Y.Doc()
  doc.getText('draft:python').insert(0, 'print(1)')
  const before = Y.encodeStateAsUpdate(doc)
  doc.getText('draft:python').insert(0, 'one\ntwo\n')
  doc.getText('draft:python').insert(8, 'three\n')
  doc.getMap('todos').set('a', new Y.Text('a todo'))
  expect(textsOf(edit(`board/${project}`, doc, before))).toMatchObject({ path: 'text.txt', text: 'one\ntwo\nthree\n\na todo' })
  expect(textsOf(edit(`board/${project}`, doc))?.text).toContain('print(1)')
})

test('one edit that is too large is never handed in again', async () => {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'short')
  expect(await mergeOfflineEdits(edit(`file/${project}/a.txt`, doc))).toEqual({ held: 'large' })
  expect(await mergeOfflineEdits(edit(`board/${project}`, doc))).toEqual({ held: 'draft' })
  expect(textsOf(edit(`file/${project}/a.txt`, doc))).toMatchObject({ path: 'a.txt', text: 'short' })
})
