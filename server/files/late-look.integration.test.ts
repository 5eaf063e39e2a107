import { writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDesk } from '../testing/file-desk.ts'
import { ada as adasAccount, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

/** Stands still, as on a machine that has too much to do. */
const standStill = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

describe('a server that is late', await needs('sandbox'), () => {
  let server: TestServer
  let ada: TestPerson
  let projectId: string
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    ada = await signUp(server.url, adasAccount)
    projectId = (await makeProject(ada)).id
  })
  afterAll(() => server?.stop())

  test('takes what a program made of an older text for that, however late it looks', async () => {
    await ada.fetch(`/api/projects/${projectId}/files/tide.txt`, { method: 'PUT', body: 'low\nhigh\nslack\n' })
    const found = (await readdir(server.dataDir, { recursive: true })).find((entry) => entry.endsWith('/tide.txt'))
    const disk = join(server.dataDir, String(found))
    const desk = openDesk(server.url, ada, projectId)
    const file = await desk.open('tide.txt')
    const read = await readFile(disk, 'utf8')
    file.type('typed ', 'low')
    await vi.waitFor(async () => expect(await readFile(disk, 'utf8')).toContain('typed low'))
    // It read the file before that, and ends now.
    writeFileSync(disk, `${read}formatted\n`)
    standStill(3_000)
    await file.shows('typed low\nhigh\nslack\nformatted\n')
    await wait(2_000)
    expect(await readFile(disk, 'utf8')).toBe('typed low\nhigh\nslack\nformatted\n')
    expect(desk.conflicts('tide.txt')).toEqual([])
    desk.close()
  })
})
