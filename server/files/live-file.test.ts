import { pino } from 'pino'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { hashOf, type Look } from './disk.ts'
import { createLiveFile, type LiveFileDeps } from './live-file.ts'

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
