import { FileType, Sandbox } from 'e2b'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openTestHost } from '../../testing/sandbox-host.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { needs } from '../../testing/require.ts'

describe("E2B's protocol, spoken by its unmodified SDK", await needs('sandbox'), () => {
  let here: TestHost
  beforeAll(async () => void (here = await openTestHost()))
  afterAll(() => here?.close())

  test('a wrong key is refused, and a sandbox is closed to a wrong token', async () => {
    await expect(Sandbox.create({ ...here.connection, apiKey: 'e2b_wrong' })).rejects.toMatchObject({ name: 'AuthenticationError' })
    const sandbox = await here.create()
    const headers = { 'E2b-Sandbox-Id': sandbox.sandboxId, 'X-Access-Token': 'wrong' }
    expect((await fetch(`${here.host.url}/files?path=a`, { headers })).status).toBe(401)
    await sandbox.kill()
  })

  test('a sandbox is created, described, listed, given time and killed', async () => {
    const sandbox = await here.create({ metadata: { room: 'Ada & Mei' }, envs: { NAME: 'Tomás' }, timeoutMs: 60_000 })
    const info = await sandbox.getInfo()
    expect(info).toMatchObject({ sandboxId: sandbox.sandboxId, state: 'running', metadata: { room: 'Ada & Mei' } })
    await sandbox.setTimeout(600_000)
    expect((await sandbox.getInfo()).endAt.getTime()).toBeGreaterThan(info.endAt.getTime() + 400_000)
    expect((await sandbox.commands.run('echo $NAME')).stdout).toBe('Tomás\n')
    const found = await Sandbox.list({ ...here.connection, query: { metadata: { room: 'Ada & Mei' } } }).nextItems()
    expect(found.map(({ sandboxId }) => sandboxId)).toEqual([sandbox.sandboxId])
    const [metric] = await sandbox.getMetrics()
    expect(metric?.memUsed).toBeGreaterThan(1_000_000)
    expect([await sandbox.isRunning(), await sandbox.kill(), await sandbox.kill(), await sandbox.isRunning()]).toEqual([true, true, false, false])
    await expect(Sandbox.connect(sandbox.sandboxId, here.connection)).rejects.toMatchObject({ name: 'SandboxNotFoundError' })
  })

  test('a list comes in pages', async () => {
    const made = await Promise.all([1, 2, 3].map(() => here.create({ metadata: { page: 'yes' } })))
    const pages = Sandbox.list({ ...here.connection, query: { metadata: { page: 'yes' } }, limit: 2 })
    const seen: string[] = []
    while (pages.hasNext) seen.push(...(await pages.nextItems()).map(({ sandboxId }) => sandboxId))
    expect(seen.sort()).toEqual(made.map(({ sandboxId }) => sandboxId).sort())
    await Promise.all(made.map((one) => one.kill()))
  })

  test('pausing holds processes still; connecting lets them go on', async () => {
    const sandbox = await here.create()
    await sandbox.commands.run('i=0; while :; do i=$((i+1)); echo $i > next; mv next count; sleep 0.01; done', { background: true })
    await vi.waitFor(async () => expect(Number(await sandbox.files.read('count'))).toBeGreaterThan(1), 10_000)
    expect([await sandbox.pause(), await sandbox.pause(), await sandbox.isRunning()]).toEqual([true, false, false])
    expect((await sandbox.getInfo()).state).toBe('paused')
    const again = await Sandbox.connect(sandbox.sandboxId, here.connection)
    const before = Number(await again.files.read('count'))
    await vi.waitFor(async () => expect(Number(await again.files.read('count'))).toBeGreaterThan(before), 10_000)
    // Without its memory only the files are left.
    await again.pause({ keepMemory: false })
    const cold = await Sandbox.connect(sandbox.sandboxId, here.connection)
    expect(await cold.commands.list()).toEqual([])
    expect(Number(await cold.files.read('count'))).toBeGreaterThan(before)
    await cold.kill()
  })

  test('past its time a sandbox is gone, and a stream to it ends', async () => {
    const sandbox = await here.create({ timeoutMs: 60_000 })
    const running = await sandbox.commands.run('sleep 300', { background: true, timeoutMs: 0 })
    await sandbox.setTimeout(1000)
    await expect(running.wait()).rejects.toBeInstanceOf(Error)
    await vi.waitFor(async () => expect(await sandbox.isRunning()).toBe(false))
  })

  test('files: several at once, as streams, with exists, getInfo, makeDir, rename', async () => {
    const sandbox = await here.create()
    await sandbox.files.write([
      { path: 'one.txt', data: '1' },
      { path: 'in/two.txt', data: new Blob(['22']) },
    ])
    await sandbox.files.write('three.txt', new Blob(['333']).stream())
    expect((await sandbox.files.list('/home/user', { depth: 2 })).map(({ path, size, type }) => [path, type === FileType.DIR ? 0 : size])).toEqual([
      ['/home/user/in', 0],
      ['/home/user/in/two.txt', 2],
      ['/home/user/one.txt', 1],
      ['/home/user/three.txt', 3],
    ])
    expect([await sandbox.files.makeDir('new/er'), await sandbox.files.makeDir('new/er')]).toEqual([true, false])
    expect((await sandbox.files.rename('one.txt', 'new/uno.txt')).path).toBe('/home/user/new/uno.txt')
    expect([await sandbox.files.exists('one.txt'), await sandbox.files.exists('new/uno.txt')]).toEqual([false, true])
    await expect(sandbox.files.read('one.txt')).rejects.toMatchObject({ name: 'FileNotFoundError' })
    expect(await sandbox.files.getInfo('new/uno.txt')).toMatchObject({ name: 'uno.txt', size: 1, owner: 'user' })
    await sandbox.kill()
  })

  test('a signed address reads or writes one file, for its time, and nothing else', async () => {
    const sandbox = await here.create()
    await sandbox.files.write('read.txt', 'for whoever has the address')
    await sandbox.files.write('other.txt', 'not for them')
    const at = (signed: string, change: (url: URL) => void = () => {}) => {
      const url = new URL(signed)
      change(url)
      return `${here.host.url}${url.pathname}${url.search}`
    }
    const headers = { 'E2b-Sandbox-Id': sandbox.sandboxId }
    const signed = await sandbox.downloadUrl('read.txt', { useSignatureExpiration: 60 })
    expect(await (await fetch(at(signed), { headers })).text()).toBe('for whoever has the address')
    for (const change of [
      (url: URL) => url.searchParams.set('path', 'other.txt'),
      (url: URL) => url.searchParams.set('username', 'root'),
      (url: URL) => url.searchParams.set('signature_expiration', String(Math.floor(Date.now() / 1000) + 600)),
      (url: URL) => url.searchParams.delete('signature_expiration'),
      (url: URL) => url.searchParams.set('signature', 'v1_x'),
      (url: URL) => void (url.pathname = '/filesystem.Filesystem/ListDir'),
    ]) {
      expect((await fetch(at(signed, change), { headers })).status).toBe(401)
    }
    const late = await sandbox.downloadUrl('read.txt', { useSignatureExpiration: -1 })
    expect((await fetch(at(late), { headers })).status).toBe(401)

    const body = new FormData()
    body.set('file', new Blob(['sent to it']))
    expect((await fetch(at(signed), { method: 'POST', headers, body })).status).toBe(401)
    expect((await fetch(at(await sandbox.uploadUrl('sent.txt')), { method: 'POST', headers, body })).status).toBe(200)
    expect(await sandbox.files.read('sent.txt')).toBe('sent to it')
    await sandbox.kill()
  })

  test('commands: a second reader, the list, a time limit, SIGKILL', async () => {
    const sandbox = await here.create()
    const first = await sandbox.commands.run('read line; echo "got $line"', { background: true, stdin: true, timeoutMs: 0 })
    expect((await sandbox.commands.list()).map(({ pid }) => pid)).toEqual([first.pid])
    const second = await sandbox.commands.connect(first.pid)
    await sandbox.commands.sendStdin(first.pid, 'it\n')
    expect((await second.wait()).stdout).toBe('got it\n')
    expect((await first.wait()).stdout).toBe('got it\n')
    await expect(sandbox.commands.run('sleep 300', { timeoutMs: 300 })).rejects.toMatchObject({ name: 'TimeoutError' })
    const sleeping = await sandbox.commands.run('sleep 300', { background: true })
    expect([await sleeping.kill(), await sandbox.commands.kill(99_999)]).toEqual([true, false])
    await expect(sleeping.wait()).rejects.toMatchObject({ name: 'CommandExitError' })
    await expect(sandbox.commands.run('exit 7')).rejects.toMatchObject({ exitCode: 7 })
    await sandbox.kill()
  })

  test('the end of the agent ends its streams, and the host goes on', async () => {
    const sandbox = await here.create()
    const died = new Promise((resolve) => here.host.onDied(resolve))
    const running = await sandbox.commands.run('sleep 300', { background: true, timeoutMs: 0 })
    await sandbox.commands.run('kill -9 -1').catch(() => undefined)
    await expect(running.wait()).rejects.toBeInstanceOf(Error)
    expect(await died).toBe(sandbox.sandboxId)
    const again = await Sandbox.connect(sandbox.sandboxId, here.connection)
    expect((await again.commands.run('echo back')).stdout).toBe('back\n')
    await again.kill()
  })
})
