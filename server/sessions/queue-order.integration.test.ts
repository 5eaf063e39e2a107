import { afterAll, beforeAll, expect, test } from 'vitest'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'

let room: RunRoom
beforeAll(async () => {
  room = await openRunRoom()
})
afterAll(() => room.close())

test('Mei puts the last of three queued messages first, and in that order the agent reads them', async () => {
  const session = await room.openSession()
  const { runId } = await session.send(room.ada, 'go')
  const first = await room.model.nextRequest()
  const ids: string[] = []
  for (const text of ['apricot', 'banana', 'cherry']) ids.push((await session.send(room.ada, text, { mode: 'queue' })).itemId)
  const place = (at: number, before: string | null | undefined) =>
    room.mei.fetch(`/api/sessions/${session.id}/queue/${ids[at]}`, { method: 'PATCH', body: { before } })
  expect((await place(2, ids[0])).status).toBe(200)
  expect((await place(0, null)).status).toBe(200)
  // Before itself, or before one that does not wait: nothing to stand before.
  expect((await place(1, ids[1])).status).toBe(409)
  expect((await room.tomas.fetch(`/api/sessions/${session.id}/queue/${ids[1]}`, { method: 'PATCH', body: { before: null } })).status).toBe(403)
  first.delta('Gone.').finish()
  await session.until(runId, 'completed')
  const second = await room.model.nextRequest()
  const said = asked(second.request)
  expect(['cherry', 'banana', 'apricot'].map((text) => said.indexOf(text)).every((at, i, all) => at > (all[i - 1] ?? 0))).toBe(true)
  second.delta('Done.').finish()
})
