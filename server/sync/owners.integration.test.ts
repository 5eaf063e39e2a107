import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Database } from '../db/port.ts'
import { openPostgres } from '../db/postgres.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { leaseLimits } from '../rooms/limits.ts'
import { openDocument, testUser } from './testing/room.ts'
import { needs } from '../testing/require.ts'

/** Two server processes on one Postgres: a room has one writer. */
describe('a room that two processes want', await needs('postgres'), () => {
  const cleanUp: (() => unknown)[] = []
  const ada = testUser('Ada')
  const projectId = newId<ProjectId>('prj')
  const board = `board/${projectId}`
  let databaseUrl: string
  let database: Database
  beforeEach(async () => {
    const made = await createPostgresDatabase()
    databaseUrl = made.url
    database = await openPostgres(databaseUrl)
    cleanUp.push(made.drop, () => database.close())
  })
  afterEach(async () => {
    for (const step of cleanUp.splice(0).toReversed()) await step()
  })

  const kill = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const start = async () => {
    const people = { ada, mei: testUser('Mei'), tomas: testUser('Tomas') }
    const setup = { databaseUrl, people, projectId, sessionId: newId<SessionId>('ses') }
    const child = spawn(process.execPath, [fileURLToPath(new URL('./testing/child-server.ts', import.meta.url)), JSON.stringify(setup)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    cleanUp.push(() => kill(child))
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    return { child, url: (JSON.parse(line.toString()) as { url: string }).url }
  }
  const open = (url: string, doc = new Y.Doc()) => {
    const socket = new HocuspocusProviderWebsocket({ url: `${url}/sync`, WebSocketPolyfill: WebSocket, maxDelay: 1_000 })
    cleanUp.push(() => socket.destroy())
    return openDocument(socket, board, doc, ada.token)
  }
  const owner = async () => {
    const [row] = await database.rows<{ owner: string; epoch: number; rows: number }>(
      sql`select owner, epoch::int as epoch, (select count(*) from document_updates)::int as rows from leases where project_id = ${projectId}`,
    )
    return row
  }
  const pidOf = (row: { owner: string } | undefined) => Number(row?.owner.split(':')[1])

  test('the second gets nothing while the first lives, and everything when the first was killed', async () => {
    const first = await start()
    const there = open(first.url)
    await there.synced()
    there.doc.getMap('todos').set('a', 'plan')
    await there.marked()
    const before = await owner()
    expect(pidOf(before)).toBe(first.child.pid)

    const second = await start()
    const here = open(second.url)
    here.doc.getMap('todos').set('b', 'build')
    // The second has been asked, and asks in vain, for longer than a heartbeat: the lease was renewed meanwhile.
    const expiry = async () => (await database.rows<{ at: number }>(sql`select expires_at::float8 as at from processes order by at desc`))[0]?.at ?? 0
    const asked = await expiry()
    await vi.waitFor(async () => expect(await expiry()).toBeGreaterThan(asked), leaseLimits.heartbeatMs * 4)
    expect(here.provider.synced).toBe(false)
    expect(await owner()).toEqual(before)
    there.doc.getMap('todos').set('c', 'still here')
    await there.marked()

    await kill(first.child)
    await here.until(() => here.provider.synced, 'the room')
    await here.marked()
    const after = await owner()
    expect([pidOf(after), after?.epoch]).toEqual([second.child.pid, (before?.epoch ?? 0) + 1])
    expect(here.doc.getMap('todos').toJSON()).toEqual({ a: 'plan', b: 'build', c: 'still here' })
  })

  test('one that slept past its lease writes nothing any more and closes its sockets', async () => {
    const first = await start()
    const there = open(first.url)
    await there.synced()
    there.doc.getMap('todos').set('a', 'plan')
    await there.marked()
    first.child.kill('SIGSTOP')
    there.doc.getMap('todos').set('late', 'typed while it slept')
    // The time a lease lasts, passed.
    await database.rows(
      sql`update processes set expires_at = 0 where id = (select owner from leases where project_id = ${projectId}) returning 1 as done`,
    )

    const second = await start()
    const here = open(second.url)
    await here.synced()
    here.doc.getMap('todos').set('b', 'build')
    await here.marked()
    const taken = await owner()
    expect(pidOf(taken)).toBe(second.child.pid)
    there.provider.sendStateless(JSON.stringify({ type: 'mark', mark: 99 }))
    first.child.kill('SIGCONT')
    await there.until(() => there.closed.length > 0, 'the end of the connection')
    expect(there.heard.filter((message) => message.type === 'marked')).toHaveLength(1)
    expect(await owner()).toEqual(taken)
    const again = open(second.url)
    await again.synced()
    expect(again.doc.getMap('todos').toJSON()).toEqual({ a: 'plan', b: 'build' })

    // What was not saved there is kept by the tab, and arrives where the room now is.
    const moved = open(second.url, there.doc)
    await moved.synced()
    await moved.marked()
    await again.until(() => again.doc.getMap('todos').has('late'), 'what was typed')
  })
})
