import { StateField } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createStore } from '../base/store.ts'
import { indentOf, mountEditor, type Mounted } from './mount-editor.ts'
import { placedCursors, remoteCursors, type RemoteCursor } from './remote-cursors.ts'
import { writtenBy, type Written } from './written-by.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const editor of open.splice(0)) editor.destroy()
  document.body.replaceChildren()
})

/** Somebody at an editor of a text that others hold as well. */
function sitDown(doc: Y.Doc, readOnly = false) {
  const parent = document.body.appendChild(document.createElement('div'))
  const editor = mountEditor({ parent, text: doc.getText('content'), readOnly, wrap: false, onSelection: () => {} })
  open.push(editor)
  const view = EditorView.findFromDOM(parent)
  if (!view) throw new Error('no editor')
  return {
    editor,
    view,
    type: (from: number, insert: string) => view.dispatch({ changes: { from, insert } }),
    shows: () => view.state.doc.toString(),
  }
}

/** Two documents that tell each other everything at once. */
function twoDocs() {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  one.on('update', (update: Uint8Array, origin: unknown) => origin !== 'wire' && Y.applyUpdate(other, update, 'wire'))
  other.on('update', (update: Uint8Array, origin: unknown) => origin !== 'wire' && Y.applyUpdate(one, update, 'wire'))
  return [one, other] as const
}

test('what Ada writes Mei sees, and the other way round', () => {
  const [one, other] = twoDocs()
  const [ada, mei] = [sitDown(one), sitDown(other)]
  ada.type(0, 'hello\r\nworld')
  mei.type(7, 'wide ')
  expect(mei.shows()).toBe('hello\r\nwide world')
  expect(ada.shows()).toBe(mei.shows())
  expect(one.getText('content').toJSON()).toBe(ada.shows())
})

test('undo takes back only what one wrote oneself', () => {
  const [one, other] = twoDocs()
  const [ada, mei] = [sitDown(one), sitDown(other)]
  ada.type(0, 'Ada. ')
  mei.type(5, 'Mei. ')
  one.transact(() => one.getText('content').insert(0, 'Disk. '), 'the server')
  ada.editor.undo()
  expect(mei.shows()).toBe('Disk. Mei. ')
  ada.editor.undo()
  expect(mei.shows()).toBe('Disk. Mei. ')
  ada.editor.redo()
  expect(mei.shows()).toBe('Disk. Ada. Mei. ')
})

test('what is written in two places is undone in two steps, however quickly one went from one to the other', () => {
  const [one] = twoDocs()
  const ada = sitDown(one)
  ada.type(0, 'one\ntwo\n')
  ada.view.dispatch({ selection: { anchor: 3 }, userEvent: 'select.pointer' })
  ada.type(3, '!')
  ada.editor.undo()
  expect(ada.shows()).toBe('one\ntwo\n')
  ada.editor.undo()
  expect(ada.shows()).toBe('')
})

test('a reader changes nothing, whatever asks the editor to, and still sees all', () => {
  const [one, other] = twoDocs()
  const [ada, tomas] = [sitDown(one), sitDown(other, true)]
  ada.type(0, 'text')
  tomas.type(0, 'phantom ')
  expect(tomas.shows()).toBe('text')
  expect(one.getText('content').toJSON()).toBe('text')
  tomas.editor.setReadOnly(false)
  tomas.type(0, 'now ')
  expect(ada.shows()).toBe('now text')
  tomas.editor.setReadOnly(true)
  tomas.type(0, 'not any more ')
  expect(ada.shows()).toBe('now text')
})

test('cursors of others move with the text, and stay where they were while their place is unknown', async () => {
  const [one] = twoDocs()
  const ada = sitDown(one)
  ada.type(0, 'one two')
  const mei: RemoteCursor = { id: 'mei', name: 'Mei', kind: 'person', colour: 'red', idle: false, anchor: 4, head: 7 }
  const cursors = createStore<readonly RemoteCursor[]>([mei])
  ada.editor.setExtra(remoteCursors(cursors))
  await expect.poll(() => placedCursors(ada.view.state)).toMatchObject([{ anchor: 4, head: 7 }])
  ada.type(0, '--')
  expect(placedCursors(ada.view.state)).toMatchObject([{ anchor: 6, head: 9 }])
  cursors.set([{ ...mei, anchor: undefined, head: undefined, idle: true }])
  await expect.poll(() => placedCursors(ada.view.state)[0]?.idle).toBe(true)
  expect(placedCursors(ada.view.state)).toMatchObject([{ anchor: 6, head: 9 }])
})

test('a text is indented as it is already', () => {
  expect(indentOf('a:\n    b')).toBe('    ')
  expect(indentOf('a:\n\tb')).toBe('\t')
  expect(indentOf('a:\n  b')).toBe('  ')
  expect(indentOf('')).toBe('  ')
})

test('places of a longer text, read a moment ago, do not keep what others write from being shown', async () => {
  const [one, other] = twoDocs()
  const [ada, mei] = [sitDown(one), sitDown(other)]
  ada.type(0, 'one two')
  const tomas: RemoteCursor = { id: 'tomas', name: 'Tomás', kind: 'person', colour: 'red', idle: false, anchor: 40, head: 50 }
  const written: Written = { from: 0, to: 60, name: 'Tomás', kind: 'person', at: undefined, inRun: true }
  mei.editor.setExtra([remoteCursors(createStore([tomas])), writtenBy(createStore([written]))])
  await expect.poll(() => placedCursors(mei.view.state)).toMatchObject([{ anchor: 7, head: 7 }])
  ada.type(7, ' three')
  expect(mei.shows()).toBe('one two three')
})

test('an extension that throws does not part the editor from the text', async () => {
  const [one, other] = twoDocs()
  const mei = sitDown(other)
  const text = one.getText('content')
  let broken = false
  const breaks = StateField.define<number>({
    create: () => 0,
    update(value, { docChanged }) {
      if (!broken || !docChanged) return value
      broken = false
      throw new Error('an extension is broken')
    },
  })
  text.insert(0, 'one two')
  mei.editor.setExtra(breaks)
  broken = true
  expect(() => text.insert(7, ' three')).toThrow('an extension is broken')
  await expect.poll(() => mei.shows()).toBe('one two three')
  mei.type(0, 'zero ')
  expect(text.toJSON()).toBe('zero one two three')
})
