import { StateField } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createStore } from '../ui/store.ts'
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

const foreign: [string, (text: Y.Text) => void][] = [
  ['an embed', (text) => text.insertEmbed(3, { image: 'x' })],
  ['a type', (text) => text.insertEmbed(3, new Y.Map())],
  ['a format', (text) => text.format(1, 3, { bold: true })],
  ['plain values', (text) => put(text, new Y.ContentAny([1, 2]))],
  ['bytes', (text) => put(text, new Y.ContentBinary(Uint8Array.of(1)))],
]

/** An item of any content after the third letter. */
function put(text: Y.Text, content: Y.Item['content']) {
  const doc = text.doc
  if (!doc) throw new Error('it is in no document')
  doc.transact((transaction) => {
    let left = text._start
    for (let passed = 0; left?.right && passed + left.length < 3; left = left.right) passed += left.deleted ? 0 : left.length
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
    new Y.Item(id, left, left?.lastId ?? null, left?.right ?? null, left?.right?.id ?? null, text, null, content).integrate(transaction, 0)
  })
}

test.each(foreign)('%s in the text is not shown, and whoever writes around it writes where they see it', (_, add) => {
  const [one, other] = twoDocs()
  const hand = new Y.Doc()
  hand.on('update', (update: Uint8Array) => Y.applyUpdate(one, update))
  const [ada, mei] = [sitDown(one), sitDown(other)]
  ada.type(0, 'hello world')
  Y.applyUpdate(hand, Y.encodeStateAsUpdate(one))
  add(hand.getText('content'))
  expect([ada.shows(), mei.shows()]).toEqual(['hello world', 'hello world'])
  mei.type(11, '!')
  ada.type(5, ',')
  ada.view.dispatch({ changes: { from: 2, to: 4 }, selection: { anchor: 2 } })
  const said = 'heo, world!'
  expect([ada.shows(), mei.shows(), one.getText('content').toJSON()]).toEqual([said, said, said])
  const late = sitDown(other)
  late.type(4, ' dear')
  expect([ada.shows(), mei.shows(), late.shows(), other.getText('content').toJSON()]).toEqual(Array(4).fill('heo, dear world!'))
  ada.editor.undo()
  expect([ada.shows(), mei.shows(), late.shows()]).toEqual(Array(3).fill(other.getText('content').toJSON()))
})
