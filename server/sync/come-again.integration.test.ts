import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

let database: Database
let room: TestRoom
/** What happens when somebody's role is asked for. */
let onAsked: (userId: UserId) => void = () => undefined
/** What happens when a file's document is loaded. */
let onLoad: () => Promise<void> = async () => undefined
beforeAll(async () => {
  database = await openTestDatabase('embedded')
  room = await startRoom(database, undefined, { askRole: async (userId) => onAsked(userId) })
  room.roles.set(room.mei.id, 'editor')
  room.sync.documents.onLoad('file', () => onLoad())
})
afterAll(async () => {
  await room.stop()
  await database.close()
})

const written = (text: string) => {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return doc
}

test('of two who wait for one loading that fails neither is told that they may not: both come again, with what they wrote', async () => {
  const name = `file/${room.projectId}/both.txt`
  const asked = new Set<UserId>()
  const { promise: bothWait, resolve } = Promise.withResolvers<void>()
  onAsked = (userId) => {
    asked.add(userId)
    // Who has a role goes on to the document in the same turn.
    if (asked.size === 2) setImmediate(resolve)
  }
  let loads = 0
  onLoad = async () => {
    if (++loads > 1) return
    await bothWait
    throw new AppError('unavailable', 'The sandbox does not respond.')
  }
  const [ada, mei] = [room.tab(room.ada).open(name, written('Ada ')), room.tab(room.mei).open(name, written('Mei '))]
  await Promise.all(
    [ada, mei].map((one) => one.until(() => ['Ada ', 'Mei '].every((text) => String(one.doc.getText('content')).includes(text)), 'both texts')),
  )
  await Promise.all([ada.marked(), mei.marked()])
  expect([asked.size, loads, ada.refusals, mei.refusals]).toEqual([2, 2, [], []])
})

test('who cannot be looked up just now comes again', async () => {
  let asked = 0
  onLoad = async () => undefined
  onAsked = () => {
    if (++asked === 1) throw new Error('the database does not answer')
  }
  const ada = room.tab(room.ada).open(`file/${room.projectId}/lookup.txt`, written('kept'))
  await ada.synced()
  await ada.marked()
  expect([asked > 1, ada.refusals]).toEqual([true, []])
})

test('who may not is told so, and their socket stays', async () => {
  onAsked = () => undefined
  const tab = room.tab(room.tomas)
  const stranger = tab.open(`file/${room.projectId}/both.txt`)
  await stranger.until(() => stranger.refused() === 'permission-denied', 'the refusal')
  expect(tab.socket.status).toBe('connected')
})
