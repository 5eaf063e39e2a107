import { pino } from 'pino'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { hashOf, type Look } from './disk.ts'
import { createLiveFile } from './live-file.ts'
import type { LiveFileDeps } from './live-file-state.ts'

/** A file whose disk says what `look` says, and whose document goes along with a move for ever. */
function fileThatMovesForEver(look: () => Look, moves: () => void) {
  let n = 0
  const deps = {
    projectId: 'prj_live' as ProjectId,
    path: 'a.txt' as FilePath,
    documents: { open: () => new Promise(() => undefined) },
    disk: { look: async () => look(), trace: async () => 'b.txt' },
    texts: {
      read: async () => [],
      add: async (text: string) => ({ n: ++n, text, hash: hashOf(text), from: 'disk' }),
      settle: async () => undefined,
    },
    view: { state: async () => undefined, showConflicts: async () => undefined },
    isRunning: async () => true,
    diskAuthor: () => ({ kind: 'sandbox' }),
    readSince: () => undefined,
    takenBy: () => undefined,
    wentTo: () => {
      moves()
      return new Promise(() => undefined)
    },
    clock: Date,
    log: pino({ level: 'silent' }),
  }
  return createLiveFile(deps as unknown as LiveFileDeps)
}

const text = 'high water at seven\n'

async function opened() {
  let found: Look = { status: 'text', text, hash: hashOf(text), ageMs: 0 }
  const { promise: moving, resolve: begin } = Promise.withResolvers<void>()
  const file = fileThatMovesForEver(() => found, begin)
  const doc = new Y.Doc()
  await file.load(doc, async (_author, change) => {
    change(doc)
    return doc.clientID
  })
  expect(fileText(doc).toString()).toBe(text)
  found = { status: 'missing' }
  file.look()
  await moving
  return file
}

test('whoever closes a file does not wait for its document, which goes along with a move and waits for the closing', async () => {
  const file = await opened()
  await file.close()
  expect(file.isOpen()).toBe(false)
})

test('nobody waits longer than a while for a file that is on its way', async () => {
  const file = await opened()
  const began = performance.now()
  await file.settle()
  expect(performance.now() - began).toBeLessThan(30_000)
  await file.close()
})

test('an edit that did not come to the disk before a crash stays, also when the sandbox answers only later', async () => {
  const [was, edited] = ['high water\n', 'high water at seven\n']
  const row = (n: number, content: string) => ({ n, text: content, hash: hashOf(content), from: 'document' as const })
  let onDisk = was
  let answers = false
  let n = 2
  const doc = new Y.Doc()
  fileText(doc).insert(0, edited)
  const opened = {
    doc,
    flushed: async () => undefined,
    close: async () => undefined,
    writeAs: async (_by: unknown, change: (of: Y.Doc) => void) => change(doc),
  }
  const file = createLiveFile({
    projectId: 'prj_live' as ProjectId,
    path: 'a.txt' as FilePath,
    documents: { open: async () => opened, authors: async () => [] },
    disk: {
      async look(_: string, known: string | undefined): Promise<Look> {
        if (!answers) throw new Error('the sandbox does not answer')
        return hashOf(onDisk) === known ? { status: 'same' } : { status: 'text', text: onDisk, hash: hashOf(onDisk), ageMs: 60_000 }
      },
      async swap(_: string, expected: string, content: string) {
        if (hashOf(onDisk) !== expected) return 'changed'
        onDisk = content
        return 'done'
      },
    },
    texts: { read: async () => [row(1, was), row(2, edited)], add: async (content: string) => row(++n, content), settle: async () => undefined },
    view: { state: async () => undefined, showConflicts: async () => undefined, addConflicts: async () => undefined },
    isRunning: async () => true,
    diskAuthor: () => ({ kind: 'sandbox' }),
    readSince: () => undefined,
    clock: Date,
    log: pino({ level: 'silent' }),
  } as unknown as LiveFileDeps)
  await file.load(doc, opened.writeAs as never)
  answers = true
  file.look()
  await file.settle()
  expect([fileText(doc).toString(), onDisk]).toEqual([edited, edited])
  await file.close()
})
