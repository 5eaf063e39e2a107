import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { ItemId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { readApprovalState, readLastRun, readItems } from '#shared/sessions/doc.ts'
import { connectPostgres } from '../db/postgres.ts'
import { getPreview } from '../previews/testing/get-preview.ts'
import { ada as adasAccount, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { openDesk } from '../testing/file-desk.ts'
import { needs } from '../testing/require.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import { at, startSeveral, type Several } from '../testing/several.ts'

/** The machine of a room, reached by a process that does not have the room. */
describe('the machine of a room at another process', await needs('postgres', 'sandbox'), () => {
  let several: Several
  let first: ServerProcess
  let second: ServerProcess
  let ada: TestPerson
  let api: string
  beforeAll(async () => {
    several = await startSeveral(2, { ATRIUM_SANDBOX: 'local' })
    ;[first, second] = several.processes as [ServerProcess, ServerProcess]
    ada = await signUp(first.url, adasAccount)
    const project = await makeProject(ada)
    api = `/api/projects/${project.id}`
    await ada.fetch(`${api}/files/index.html`, { method: 'PUT', body: '<h1>Tides</h1>' })
  })
  afterAll(() => several?.stop())

  test('commands and files', async () => {
    const there = at(second, ada)
    expect(await there.json('POST', `${api}/commands`, { command: 'cat index.html' })).toMatchObject({ exitCode: 0, stdout: '<h1>Tides</h1>' })
    const large = 'tide '.repeat(400_000)
    expect((await there.fetch(`${api}/files/large.txt`, { method: 'PUT', body: large })).status).toBeLessThan(300)
    expect(await (await there.fetch(`${api}/files/large.txt`)).text()).toBe(large)
    expect(await (await ada.fetch(`${api}/files/large.txt`)).text()).toBe(large)
  })

  test('a preview is shown by each, whichever opened it', async () => {
    const preview = await at(second, ada).json<{ url: string }>('POST', `${api}/preview`, { path: 'index.html' })
    for (const { url } of [first, second]) {
      const { status, text } = await getPreview(url, preview, new URL(preview.url).pathname)
      expect([status, text.includes('Tides')]).toEqual([200, true])
    }
  })

  test('what waits too long ends in the room, whichever process the queue gives that to', async () => {
    const session = await at(first, ada).json<{ id: string }>('POST', `${api}/sessions`, { title: 'Waits' })
    await at(first, ada).json('POST', `/api/sessions/${session.id}/messages`, { id: newId('itm'), text: 'Run `ls`', to: 'agent' })
    const shown = openDocument(
      new HocuspocusProviderWebsocket({ url: `${second.url.replace(/^http/, 'ws')}/sync`, WebSocketPolyfill: withHeaders({ cookie: ada.cookie }) }),
      `session/${session.id}`,
      new Y.Doc(),
      '',
    )
    const pending = () => readItems(shown.doc).find((item) => item.type === 'approval')
    await shown.until(() => pending() !== undefined, 'the request')
    const database = connectPostgres(several.databaseUrl)
    await database.rows(sql`update approvals set data = jsonb_set(data, '{expiresAt}', '1') where status = 'pending' returning 1 as done`)
    // As the second says it when the queue has given it the job.
    const news = JSON.stringify({ from: 'the second', news: { kind: 'job', name: 'expire-approvals' } })
    await database.rows(sql`select pg_notify('atrium_news', ${news}) is null as told`)
    await shown.until(() => readApprovalState(shown.doc, pending()?.id as ItemId)?.status === 'expired', 'its end')
    await shown.until(() => readLastRun(shown.doc)?.status === 'completed', 'the end of the run')
    expect(readItems(shown.doc).filter((item) => item.type === 'approval')).toHaveLength(1)
    await database.close()
    shown.provider.configuration.websocketProvider.destroy()
  })

  test('when its process dies the room goes on without it, and back to it when it lives again', async () => {
    const project = await makeProject(at(first, ada))
    const room = `/api/projects/${project.id}`
    await at(first, ada).fetch(`${room}/files/notes.md`, { method: 'PUT', body: 'low water\n' })
    const desk = openDesk(second.url, ada, project.id)
    const file = await desk.open('notes.md')
    file.type('high water\n')
    await file.marked()
    const read = async () => (await at(second, ada).fetch(`${room}/files/notes.md`)).text()
    await vi.waitFor(async () => expect(await read()).toBe('low water\nhigh water\n'))
    await first.end('SIGKILL')
    const there = at(second, ada)
    file.type('slack\n')
    await vi.waitFor(() => expect(file.link()).toContain('not synced'))
    await file.synced()
    await file.marked()
    expect((await there.fetch(`${room}/sessions`, { method: 'POST', body: { title: 'Meanwhile' } })).status).toBe(201)
    const files = await there.fetch(`${room}/files/notes.md`)
    expect([files.status, await files.text()]).toEqual([503, expect.stringContaining('on another machine')])
    first = await several.start(several.folders[0])
    await vi.waitFor(async () => {
      const answer = await there.fetch(`${room}/files/notes.md`)
      expect([answer.status, await answer.text()]).toEqual([200, 'low water\nhigh water\nslack\n'])
    })
    await file.shows('low water\nhigh water\nslack\n')
    desk.close()
    expect(await there.json('GET', `${room}/sessions`)).toMatchObject({ sessions: [{ title: 'Meanwhile' }] })
  })

  test('a terminal is typed in at both', async () => {
    const { id } = await at(second, ada).json<{ id: string }>('POST', `${api}/terminals`, { cols: 80, rows: 24 })
    const sit = ({ url }: ServerProcess) => {
      const ws = new WebSocket(`${url.replace('http', 'ws')}${api}/terminals/${id}`, { headers: { cookie: ada.cookie, origin: url } })
      let seen = ''
      ws.on('message', (data: Buffer, isBinary: boolean) => (seen += isBinary ? data.toString() : ''))
      return { ws, seen: () => seen }
    }
    const [here, there] = [sit(second), sit(first)]
    await vi.waitFor(() => expect([here, there].every(({ ws }) => ws.readyState === WebSocket.OPEN)).toBe(true))
    here.ws.send(Buffer.from('echo so$((40 + 2))said\r'))
    for (const { seen } of [here, there]) await vi.waitFor(() => expect(seen()).toContain('so42said'))
    for (const { ws } of [here, there]) ws.close()
  })
})
