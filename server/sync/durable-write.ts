import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Authors } from './authors.ts'
import type { SyncDocument } from './hocuspocus.ts'
import type { Entry } from './entry.ts'

type Shadow = { doc: Y.Doc; turn: Promise<unknown> }

/**
 * Edits of the server's in documents that people write, under a client id that says whose they are. Such an edit is durable before
 * anybody sees it: if it were shown and then lost in a crash, those who had seen it would bring it back beside the one
 * that is made again. It is made on a copy, which follows the document, and applied to the document once it is in the log.
 */
export function createDurableWrites({ authors, entryOf }: { authors: Authors; entryOf(document: SyncDocument): Entry | undefined }) {
  const shadows = new WeakMap<SyncDocument, Shadow>()

  function shadowOf(document: SyncDocument): Shadow {
    const known = shadows.get(document)
    if (known) return known
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(document))
    const follow = (update: Uint8Array) => Y.applyUpdate(doc, update)
    document.on('update', follow)
    document.once('destroy', () => doc.destroy())
    const shadow = { doc, turn: Promise.resolve() }
    shadows.set(document, shadow)
    return shadow
  }

  return function write(
    document: SyncDocument,
    author: FileAuthor,
    change: (doc: Y.Doc) => void,
    beforeCommit?: (client: number) => Promise<void>,
  ): Promise<number> {
    const entry = entryOf(document)
    if (!entry) return Promise.reject(new AppError('unavailable', 'This document is closed.'))
    const shadow = shadowOf(document)
    const mine = shadow.turn.then(async () => {
      const client = await authors.mint(entry.text, entry.projectId, document, author)
      const { doc } = shadow
      const updates: Uint8Array[] = []
      const keep = (update: Uint8Array, origin: unknown) => {
        if (origin === mine) updates.push(update)
      }
      doc.clientID = client
      doc.on('update', keep)
      try {
        doc.transact(() => change(doc), mine)
      } finally {
        doc.off('update', keep)
      }
      const [update] = updates
      if (!update) return client
      await beforeCommit?.(client)
      await entry.log.ahead(update)
      Y.applyUpdate(document, update, { source: 'local', skipStoreHooks: true })
      return client
    })
    shadow.turn = mine.catch(() => {
      // What the copy has and the document has not must not be built upon.
      shadows.delete(document)
    })
    return mine
  }
}
