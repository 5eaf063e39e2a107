import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { seedDataDir } from './testing/database.ts'
import { ada, makeProject, send, signUp } from './testing/people.ts'
import { failToStart, startServerProcess } from './testing/server-process.ts'
import type { ServerProcess } from './testing/server-process.ts'

let dataDir: string
const running: ServerProcess[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atrium-main-'))
  await seedDataDir(dataDir)
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.end('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess({ ATRIUM_DATA_DIR: dataDir, ...env })
  running.push(server)
  return server
}

describe('a start that cannot be says why in one line', () => {
  const oneLine = (stderr: string) => stderr.trim().split('\n')

  test('for a variable with a bad value', async () => {
    const { code, stderr } = await failToStart({ PORT: 'eighty' })
    expect([code, oneLine(stderr)]).toEqual([1, ['PORT must be a port from 0 to 65535.']])
  })

  test('for values that only look like one', async () => {
    const wrong: Record<string, string>[] = [
      { PORT: '0x10' },
      { PORT: '1e3' },
      { OPENAI_API_KEY: 'sk-one\nsk-two' },
      { ATRIUM_EGRESS: 'https://example.org' },
      { ATRIUM_HOSTS: 'https://example.org' },
      { ATRIUM_TRUSTED_PROXIES: '0.0.0.0/0' },
      // A mount where no folder can be made, not even by root.
      { ATRIUM_DATA_DIR: '/proc/atrium/data' },
    ]
    for (const env of wrong) {
      const { code, stderr } = await failToStart(env)
      expect([code, oneLine(stderr)]).toEqual([1, [expect.stringMatching(new RegExp(`^${Object.keys(env).join()} must be `))]])
      expect(stderr).not.toContain('sk-')
    }
  })

  test('for a domain of previews whose cookies would reach the server', async () => {
    const { code, stderr } = await failToStart({ ATRIUM_HOSTS: 'example.org', ATRIUM_PREVIEW_HOST: 'preview.example.org' })
    expect([code, oneLine(stderr)]).toEqual([1, [expect.stringContaining('ATRIUM_PREVIEW_HOST must be a domain that is neither example.org')]])
  })

  test('for a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await failToStart({ PORT: String(port), ATRIUM_DATA_DIR: dataDir })
    other.close()
    expect([code, oneLine(stderr)]).toEqual([1, [`PORT ${port} is in use by another program. Stop it, or set PORT to another port.`]])
  })

  test('for a data directory that is a file', async () => {
    const path = join(dataDir, 'file')
    await writeFile(path, '')
    const { code, stderr } = await failToStart({ ATRIUM_DATA_DIR: path })
    expect([code, oneLine(stderr)]).toEqual([1, [expect.stringContaining('ATRIUM_DATA_DIR must be a folder')]])
  })

  test('for a database that does not answer, without showing the password', async () => {
    const { code, stderr } = await failToStart({ DATABASE_URL: 'postgres://atrium:hunter2@127.0.0.1:9/atrium', ATRIUM_DATA_DIR: dataDir })
    expect([code, oneLine(stderr)]).toEqual([1, [expect.stringMatching(/^DATABASE_URL cannot be used: .*ECONNREFUSED/)]])
    expect(stderr).not.toContain('hunter2')
  })

  test('for an address of a database with a password that is not encoded, or without a name', async () => {
    for (const address of ['postgres://atrium:hun/ter2@127.0.0.1:9/atrium', 'postgres://atrium:hunter2@127.0.0.1:9']) {
      const { code, stderr } = await failToStart({ DATABASE_URL: address, ATRIUM_DATA_DIR: dataDir })
      expect([code, oneLine(stderr)]).toEqual([1, [expect.stringMatching(/^DATABASE_URL .*(?:percent-encoded|names no database)/)]])
      expect(stderr).not.toContain('ter2')
    }
  })

  test('for a data directory that another server uses', async () => {
    const first = await start()
    const { code, stderr } = await failToStart({ ATRIUM_DATA_DIR: dataDir })
    expect([code, oneLine(stderr)]).toEqual([1, [expect.stringContaining(`in use by another Atrium (process ${first.child.pid})`)]])
  })
})

test('a start without an account prints a link that makes the first one, another at each start, and none after that', async () => {
  const linkOf = async (server: ServerProcess) => {
    const find = () => /^ +(http:\S+)\/sign-up#setup=(\S+)$/m.exec(server.output())
    await vi.waitFor(() => expect(find()).not.toBeNull())
    const [, url = '', code = ''] = find() ?? []
    expect(url).toBe(server.url)
    return code
  }
  const before = await start()
  const oldCode = await linkOf(before)
  await before.end('SIGTERM')
  const server = await start({ ATRIUM_TRUSTED_PROXIES: 'loopback' })
  const code = await linkOf(server)
  const body = { ...ada, password: 'correct horse battery' }
  const attempt = (setupCode: string) => send(server.url, '/api/auth/sign-up', { method: 'POST', body: { ...body, setupCode } })
  expect((await attempt(oldCode)).status).toBe(403)
  expect((await attempt(code)).status).toBe(201)
  await server.end('SIGTERM')
  const later = await start()
  expect((await send(later.url, '/api/ready')).status).toBe(200)
  expect(await later.end('SIGTERM')).toBe(0)
  expect(later.output()).not.toContain('setup')
})

test('SIGTERM and SIGINT stop it in order, and it starts again', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const server = await start()
    expect(await server.end(signal)).toBe(0)
  }
  const server = await start()
  expect((await send(server.url, '/api/ready')).status).toBe(200)
  expect(await server.end('SIGTERM')).toBe(0)
})

test('killed at any moment, it keeps every project it answered for, and starts by itself', async () => {
  const acknowledged: string[] = []
  let cookie: string | undefined
  for (let round = 0; round < 4; round += 1) {
    const server = await start()
    if (cookie === undefined) cookie = (await signUp(server.url, ada)).cookie
    const headers = { cookie }
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const answer = await send(server.url, '/api/projects', { method: 'POST', body: { name: 'Garden' }, headers }).catch(() => undefined)
        if (!answer) return
        const { id } = (await answer.json().catch(() => ({}))) as { id?: string }
        if (id !== undefined) acknowledged.push(id)
        if (acknowledged.length >= 25 * (round + 1)) void server.end('SIGKILL')
      }
    })
    await Promise.all(writers)
    await server.end('SIGKILL')
  }
  const server = await start()
  const { projects } = (await (await send(server.url, '/api/projects', { headers: { cookie: cookie ?? '' } })).json()) as {
    projects: { id: string }[]
  }
  const kept = new Set(projects.map(({ id }) => id))
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  expect(acknowledged.length).toBeGreaterThanOrEqual(100)
  process.stdout.write(`kill -9: ${acknowledged.length} acknowledged projects, 0 lost\n`)
})

test('what was there before is there after', async () => {
  const first = await start()
  const owner = await signUp(first.url, ada)
  const project = await makeProject(owner)
  await first.end('SIGTERM')
  const second = await start()
  const answer = await send(second.url, `/api/projects/${project.id}`, { headers: { cookie: owner.cookie } })
  expect(await answer.json()).toEqual(project)
})
