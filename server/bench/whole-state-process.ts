/** The floor of `store`: Hocuspocus with its own way of storing, the whole document some seconds after a change. */
import { Hocuspocus } from '@hocuspocus/server'
import * as Y from 'yjs'
import { serveParent } from './child.ts'
import { drive } from './drive.ts'

/** Fills a document to `historyBytes`, then streams into it; answers how many bytes were handed to the store, and how often. */
export type WholeStateRequest = { historyBytes: number; rate: number; seconds: number; width: number }
export type WholeStateStored = { bytes: number; stores: number; documentBytes: number }

serveParent(async ({ historyBytes, rate, seconds, width }: WholeStateRequest): Promise<WholeStateStored> => {
  let bytes = 0
  let stores = 0
  const hocuspocus = new Hocuspocus({
    quiet: true,
    async onLoadDocument({ document }) {
      const text = 'word '.repeat(88)
      const items = Array.from({ length: Math.ceil(historyBytes / 500) }, (_, n) => ({
        type: 'message',
        seq: n,
        id: `msg_${n}`,
        text,
        author: 'Ada',
      }))
      document.transact(() => document.getArray('items').push(items))
      return document
    },
    async onStoreDocument({ document }) {
      bytes += Y.encodeStateAsUpdate(document).byteLength
      stores += 1
    },
  })
  const connection = await hocuspocus.openDirectConnection('session')
  const document = connection.document
  if (!document) throw new Error('no document')
  const documentBytes = Y.encodeStateAsUpdate(document).byteLength
  const text = document.getText('live')
  const streaming: Promise<void>[] = []
  await drive({ rate, seconds, width }, (delta) => {
    streaming.push(connection.transact(() => text.insert(text.length, delta)))
  })
  await Promise.all(streaming)
  await connection.disconnect()
  return { bytes, stores, documentBytes }
})
