import { E2B, Sandbox, Secret, Template, Volume } from 'e2b'
import type { SandboxOpts } from 'e2b'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { needs } from '../../testing/require.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { openTestHost, say } from '../../testing/sandbox-host.ts'
import { withoutIsolation } from './isolation/none.ts'

describe('what the SDK asks of the control API is kept, or refused in words', await needs('sandbox'), () => {
  let here: TestHost
  beforeAll(async () => void (here = await openTestHost({ egress: ['example.org'], resolve: async () => ['192.0.2.1'] })))
  afterAll(() => here?.close())

  test('a sandbox is described as it was asked for', async () => {
    const lifecycle = { onTimeout: { action: 'pause' as const, keepMemory: true }, autoResume: true }
    const network = { allowPublicTraffic: false }
    const metadata = { room: 'Ada' }
    const sandbox = await Sandbox.create('plain', {
      ...here.connection,
      metadata,
      lifecycle,
      network,
      timeoutMs: 90_000,
      secure: true,
      template: 'plain',
    })
    const info = await sandbox.getInfo()
    expect(info).toMatchObject({ sandboxId: sandbox.sandboxId, templateId: 'plain', name: 'plain', state: 'running', metadata, volumeMounts: [] })
    expect(info.lifecycle).toEqual({ onTimeout: 'pause', autoResume: true })
    expect(info.network).toMatchObject({ allowPublicTraffic: false })
    expect(info.endAt.getTime() - info.startedAt.getTime()).toBeGreaterThan(80_000)
    expect([info.cpuCount > 0, info.memoryMB > 100, info.envdVersion, info.allowInternetAccess, info.sandboxDomain]).toEqual([
      true,
      true,
      '0.6.4',
      undefined,
      undefined,
    ])
    expect(await Sandbox.getInfo(sandbox.sandboxId, here.connection)).toEqual(info)
    expect(await Sandbox.getFullInfo(sandbox.sandboxId, here.connection)).toEqual(info)
    expect(sandbox.sandboxDomain).toBe('e2b.app')
    expect(await sandbox.kill()).toBe(true)
  })

  test('options that this host does not keep are refused, each by its name', async () => {
    const refused: Record<string, SandboxOpts> = {
      mcp: { mcp: { duckduckgo: {} } as never },
      iam: { iam: { tokens: { aws: Secret.iamToken({ audience: 'sts', tokenType: 'JWT-SVID' }) } } },
      volumeMounts: { volumeMounts: { '/data': 'stored' } },
      allowOut: { network: { allowOut: ['example.org'] } },
      denyOut: { network: { denyOut: ['1.1.1.1'] } },
      rules: { network: { rules: { 'example.org': [{ transform: { headers: { a: 'b' } } }] } } },
      egressProxy: { network: { egressProxy: { address: 'proxy.example.org:1080', username: 'ada', password: 'pw' } } },
      maskRequestHost: { network: { maskRequestHost: 'x-${PORT}' } },
      httpsPorts: { network: { httpsPorts: [3000] } },
    }
    for (const [name, options] of Object.entries(refused)) {
      await expect(here.create(options), name).rejects.toThrow(new RegExp(`400.*${name}`))
    }
    expect(await Sandbox.list(here.connection).nextItems()).toEqual([])
    const made = { method: 'POST', headers: { 'x-api-key': here.host.apiKey, 'content-type': 'application/json' } }
    const unknown = await fetch(`${here.host.url}/v2/sandboxes`, { ...made, body: JSON.stringify({ templateID: 'base', gpu: 1 }) })
    expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('gpu')])
  })

  test('calls that this host does not answer say so, and are not taken for a sandbox that is gone', async () => {
    const sandbox = await here.create()
    const { sandboxId } = sandbox
    const { connection } = here
    const calls: (() => Promise<unknown>)[] = [
      () => sandbox.updateNetwork({ allowInternetAccess: false }),
      () => Sandbox.updateNetwork(sandboxId, { allowOut: [], denyOut: [], rules: {} }, connection),
      () => sandbox.createSnapshot({ name: 'kept' }),
      () => Sandbox.createSnapshot(sandboxId, connection),
      () => sandbox.listSnapshots().nextItems(),
      () => Sandbox.listSnapshots(connection).nextItems(),
      () => Sandbox.deleteSnapshot('snapshot', connection),
      () => sandbox.fork({ count: 1, timeoutMs: 60_000 }),
      () => Sandbox.fork(sandboxId, connection),
      () => Volume.create('stored', connection),
      () => Volume.list(connection),
      () => Template.exists('made', connection),
      () => Secret.create('key', 'value', connection),
      () => Secret.list(connection).nextItems(),
    ]
    for (const call of calls) await expect(call(), String(call)).rejects.toThrow(/local host|while it runs/)
    // There is no gateway: its address can be made, and nothing answers at it.
    expect(sandbox.getMcpUrl()).toContain('/mcp')
    await expect(sandbox.getMcpToken()).rejects.toBeInstanceOf(Error)
    await sandbox.kill()
  })

  test('a sandbox without the internet has no way out; another has the hosts of the list', async () => {
    const ask = 'echo ${https_proxy:-none}; (: < /dev/tcp/127.0.0.1/3128) 2> /dev/null && echo open'
    const all = await here.create({ allowInternetAccess: true })
    expect((await say(all, ask)).stdout).toMatch(/^http.*\nopen\n$/)
    expect((await all.getInfo()).allowInternetAccess).toBe(true)
    for (const options of [{ allowInternetAccess: false }, { network: { denyOut: ({ allTraffic }: { allTraffic: string }) => [allTraffic] } }]) {
      const closed = await here.create(options)
      expect((await say(closed, ask)).stdout).toBe('none\n')
      const { allowInternetAccess, network } = await closed.getInfo()
      expect([allowInternetAccess, network?.denyOut]).toEqual([false, ['0.0.0.0/0']])
      await closed.kill()
    }
    await all.kill()
  })

  test('where nothing keeps the network apart, a closed one is refused', async () => {
    const open = await openTestHost({ isolator: withoutIsolation })
    try {
      await expect(open.create({ allowInternetAccess: false })).rejects.toThrow(/400.*allow_internet_access/)
    } finally {
      await open.close()
    }
  })

  test('ports that are not public are open to whoever shows the traffic token', async () => {
    const closed = await here.create({ network: { allowPublicTraffic: false } })
    const open = await here.create({ network: { allowPublicTraffic: true } })
    expect(open.trafficAccessToken).toBeUndefined()
    const token = String(closed.trafficAccessToken)
    expect((await Sandbox.connect(closed.sandboxId, here.connection)).trafficAccessToken).toBe(token)
    const ask = async (sandbox: Sandbox, headers: Record<string, string> = {}) =>
      (await fetch(here.host.url, { headers: { ...headers, 'e2b-sandbox-id': sandbox.sandboxId, 'e2b-sandbox-port': '8000' } })).status
    // Nothing listens: 502 is the answer of whoever was let through.
    expect([await ask(open), await ask(closed), await ask(closed, { 'e2b-traffic-access-token': 'x'.repeat(token.length) })]).toEqual([502, 403, 403])
    expect(await ask(closed, { 'e2b-traffic-access-token': token })).toBe(502)
    // The code interpreter's port is one of them.
    const health = (headers: Record<string, string>) =>
      fetch(`${here.host.url}/health`, { headers: { ...headers, 'e2b-sandbox-id': closed.sandboxId, 'e2b-sandbox-port': '49999' } })
    expect([(await health({})).status, (await health({ 'e2b-traffic-access-token': token })).status]).toEqual([403, 200])
    expect(closed.getHost(8000)).toBe(`8000-${closed.sandboxId}.e2b.app`)
    await Promise.all([closed.kill(), open.kill()])
  })

  test('at the end of its time a sandbox is paused, and woken by a call where that was asked for', async () => {
    const woken = await here.create({ lifecycle: { onTimeout: 'pause', autoResume: true }, timeoutMs: 60_000 })
    const asleep = await here.create({ lifecycle: { onTimeout: { action: 'pause', keepMemory: true }, autoResume: false }, timeoutMs: 60_000 })
    await Promise.all([woken, asleep].map((one) => one.commands.run('sleep 600', { background: true, timeoutMs: 0 })))
    await Promise.all([woken.setTimeout(0), Sandbox.setTimeout(asleep.sandboxId, 0, here.connection)])
    await vi.waitFor(async () => expect([(await woken.getInfo()).state, (await asleep.getInfo()).state]).toEqual(['paused', 'paused']))
    // The question alone wakes nobody.
    expect([await woken.isRunning(), await asleep.isRunning()]).toEqual([false, false])
    expect((await woken.commands.list()).length).toBe(1)
    expect((await woken.getInfo()).state).toBe('running')
    await expect(asleep.commands.list()).rejects.toBeInstanceOf(Error)
    const again = await asleep.connect({ timeoutMs: 60_000 })
    expect((await again.commands.list()).length).toBe(1)
    expect([
      await Sandbox.pause(again.sandboxId, here.connection),
      await again.betaPause(),
      await Sandbox.betaPause(again.sandboxId, here.connection),
    ]).toEqual([true, false, false])
    const rebooted = await Sandbox.connect(again.sandboxId, { ...here.connection, onResume: 'reboot' })
    expect(await rebooted.commands.list()).toEqual([])
    await rebooted.pause({ keepMemory: false })
    const killed = await here.create({ lifecycle: { onTimeout: 'kill' } })
    await killed.setTimeout(0)
    await vi.waitFor(async () => await expect(killed.getInfo()).rejects.toMatchObject({ name: 'SandboxNotFoundError' }))
    expect([await Sandbox.kill(woken.sandboxId, here.connection), await asleep.kill()]).toEqual([true, true])
  })

  test('a list is filtered and ordered, and goes on from a token', async () => {
    const first = await Sandbox.create('one', here.connection)
    const second = await Sandbox.create('two', { ...here.connection, metadata: { page: 'a b' } })
    await first.pause()
    const ids = async (options: Parameters<typeof Sandbox.list>[0]) =>
      (await Sandbox.list({ ...here.connection, ...options }).nextItems()).map((one) => one.sandboxId)
    expect(await ids({ order: 'asc' })).toEqual([first.sandboxId, second.sandboxId])
    expect(await ids({ order: 'desc' })).toEqual([second.sandboxId, first.sandboxId])
    expect(await ids({ query: { state: ['paused'] } })).toEqual([first.sandboxId])
    expect(await ids({ query: { template: 'two' } })).toEqual([second.sandboxId])
    expect(await ids({ query: { metadata: { page: 'a b' } } })).toEqual([second.sandboxId])
    expect(await ids({ query: { startedAfter: new Date(Date.now() + 60_000) } })).toEqual([])
    const pages = Sandbox.list({ ...here.connection, order: 'asc', limit: 1 })
    await pages.nextItems()
    expect([pages.hasNext, await ids({ order: 'asc', limit: 1, nextToken: String(pages.nextToken) })]).toEqual([true, [second.sandboxId]])
    await Promise.all([first.kill(), second.kill()])
  })

  test('metrics are of the present moment, and of no other', async () => {
    const sandbox = await here.create()
    const [metric] = await sandbox.getMetrics()
    expect(metric).toMatchObject({ cpuCount: expect.any(Number), cpuUsedPct: expect.any(Number), memCache: 0 })
    expect(Number(metric?.memUsed)).toBeGreaterThan(1_000_000)
    expect(Number(metric?.memTotal)).toBeGreaterThan(Number(metric?.memUsed))
    expect(Number(metric?.diskTotal)).toBeGreaterThan(Number(metric?.diskUsed))
    expect(Math.abs(Number(metric?.timestamp.getTime()) - Date.now())).toBeLessThan(60_000)
    const minute = 60_000
    const at = (ms: number) => new Date(Date.now() + ms)
    expect(await Sandbox.getMetrics(sandbox.sandboxId, { ...here.connection, start: at(-2 * minute), end: at(-minute) })).toEqual([])
    expect((await Sandbox.getMetrics(sandbox.sandboxId, { ...here.connection, start: at(-minute), end: at(minute) })).length).toBe(1)
    await sandbox.kill()
  })

  test('a client of the SDK is bound to this host, and an aborted call ends', async () => {
    const client = new E2B({ ...here.connection, requestTimeoutMs: 20_000 })
    const sandbox = await client.Sandbox.create()
    expect((await sandbox.commands.run('echo bound')).stdout).toBe('bound\n')
    await expect(Sandbox.list({ ...here.connection }).nextItems({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    await expect(client.Volume.list()).rejects.toThrow(/local host/)
    await expect(client.Secret.list().nextItems()).rejects.toThrow(/local host/)
    await expect(client.Template.exists('made')).rejects.toThrow(/local host/)
    await sandbox.kill()
  })
})
