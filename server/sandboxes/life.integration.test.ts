import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { AgentId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Item } from '#shared/sessions/items.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import { runs } from '../runs/table.ts'
import { appendItems } from '../sessions/store.ts'
import { items, sessions } from '../sessions/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createBinding } from './binding.ts'
import { createCopies } from './copies.ts'
import type { Sandbox, Sandboxes } from './port.ts'
import { callsTo, openProvider } from './provider.ts'
import { createSandboxes } from './service.ts'
import { sandboxes as table } from './table.ts'
import { needs } from '../testing/require.ts'
import { endProcesses } from './contract-processes.ts'

const log = pino({ level: 'silent' })
const path = (text: string) => text as FilePath
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const minuteMs = 60_000
const patience = { timeout: 20_000, interval: 50 }

/** Goes with the real one, and can be put forward. */
function movableClock() {
  let ahead = 0
  return { now: () => systemClock.now() + ahead, forward: (ms: number) => void (ahead += ms) }
}

const inPython = await needs('python')

describe('the life of a sandbox', await needs('sandbox'), () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  const clock = movableClock()
  const shown: Item[] = []
  let people = 0
  /** How often a sandbox was looked after. */
  let looks = 0
  const pace = { tidyMs: 40, copyMs: 100, keepMemoryMs: 120 * minuteMs, retryMs: 100, renewMs: minuteMs }

  async function open(): Promise<Sandboxes> {
    const config = { dataDir, sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] } }
    const opened = await createSandboxes({ config, database, clock, log, pace })
    opened.connect({
      peopleIn: () => (looks++, people),
      append: (tx, id, event, now) => appendItems(tx, id, [event], now),
      show: async (_session, told) => void shown.push(...told),
    })
    return opened
  }
  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-life-'))
    sandboxes = await open()
  })
  afterAll(async () => {
    await sandboxes?.stop()
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function makeProject(): Promise<{ project: ProjectId; session: SessionId }> {
    const [user, project, session] = [newId<UserId>('usr'), newId<ProjectId>('prj'), newId<SessionId>('ses')]
    await database.db.insert(users).values({ id: user, name: 'Ada', email: `${user}@example.org`, passwordHash: 'x', admin: false, createdAt: 1 })
    await database.db.insert(projects).values({ id: project, name: 'Engine', createdBy: user, createdAt: 1, updatedAt: 1 })
    await database.db.insert(sessions).values({ id: session, projectId: project, title: 'Talk', createdBy: user, createdAt: 1, updatedAt: 1 })
    return { project, session }
  }
  const say = async (sandbox: Sandbox, command: string) => {
    let stdout = ''
    await (
      await sandbox.run(command, { onStdout: (part) => void (stdout += part) })
    ).exit
    return stdout.trim()
  }
  /** Several looks later it runs still. */
  async function staysAwake(project: ProjectId): Promise<void> {
    const until = looks + 20
    await vi.waitFor(() => expect(looks).toBeGreaterThan(until), patience)
    expect((await sandboxes.state(project)).status).toBe('running')
  }
  const settled = async (project: ProjectId, status: string) =>
    vi.waitFor(async () => expect((await sandboxes.state(project)).status).toBe(status), patience)

  test('nobody there and nothing running: it is paused, and wakes with what it had in memory', inPython, async () => {
    const { project } = await makeProject()
    const sandbox = await sandboxes.get(project)
    await sandbox.python.run('remembered = 42')
    people = 1
    clock.forward(31 * minuteMs)
    await sandbox.files.list('')
    people = 0
    expect((await sandboxes.state(project)).status).toBe('running')
    clock.forward(31 * minuteMs)
    await settled(project, 'paused')
    expect((await sandboxes.state(project)).detail).toContain('30 minutes')
    const awake = await sandboxes.get(project)
    let value = ''
    await awake.python.run('remembered', { onResult: (result) => void (value = String(result.text)) })
    expect(value).toBe('42')
  })

  test('people, or a program that runs, keep it awake', async () => {
    const { project } = await makeProject()
    await sandboxes.setLimits(project, { idleMinutes: 1 })
    const sandbox = await sandboxes.get(project)
    await say(sandbox, 'setsid sleep 2468 >/dev/null 2>&1 & echo')
    clock.forward(2 * minuteMs)
    await staysAwake(project)
    people = 1
    // A look that had begun before somebody came does not know of them.
    await staysAwake(project)
    await say(sandbox, endProcesses('^sleep 2468'))
    clock.forward(2 * minuteMs)
    await staysAwake(project)
    people = 0
    clock.forward(2 * minuteMs)
    await settled(project, 'paused')
    // Much later its memory is given back; its files stay.
    clock.forward(121 * minuteMs)
    await settled(project, 'stopped')
    expect((await sandboxes.get(project)).id).toBe(sandbox.id)
  })

  test('a run keeps it awake with nobody there, and no longer than it goes on', async () => {
    const { project, session } = await makeProject()
    await sandboxes.setLimits(project, { idleMinutes: 1 })
    await sandboxes.get(project)
    const [{ createdBy } = { createdBy: newId<UserId>('usr') }] = await database.db.select().from(projects).where(eq(projects.id, project))
    const run = {
      id: newId<RunId>('run'),
      projectId: project,
      sessionId: session,
      agentId: newId<AgentId>('agt'),
      agentName: 'Agent',
      causedBy: createdBy,
    }
    await database.db.insert(runs).values({ ...run, status: 'running', createdAt: 1 })
    clock.forward(2 * minuteMs)
    await staysAwake(project)
    await database.db.update(runs).set({ status: 'completed' }).where(eq(runs.id, run.id))
    clock.forward(2 * minuteMs)
    await settled(project, 'paused')
    expect((await sandboxes.state(project)).detail).toContain('1 minutes')
  })

  test('a sandbox that its provider has deleted comes back with the files that matter, and the session says what was lost', async () => {
    const { project, session } = await makeProject()
    const first = await sandboxes.get(project)
    await first.files.write(path('src/plan.md'), 'the plan of Mei')
    await first.files.write(path('.gitignore'), 'build/\n*.log\n')
    await first.files.write(path('build/out.bin'), 'made')
    await first.files.write(path('src/.gitignore'), 'secret.txt\n')
    await first.files.write(path('src/secret.txt'), 'hidden')
    await first.files.write(path('node_modules/a/index.js'), 'x')
    await first.files.write(path(String.raw`d\xe9/caf\xe9`), 'a name in Latin-1')
    await first.files.write(path('d\ufffd/caf\ufffd'), 'and one that is not it')
    await say(
      first,
      'ln -s src/plan.md link; git init -q . && git -c user.name=Mei -c user.email=m@example.org commit -q --allow-empty -m first; head -c 9000000 /dev/zero > big.bin',
    )
    await vi.waitFor(async () => expect(await readdir(join(dataDir, 'copies'))).toContain(`${project}.tgz`), patience)
    const written = `late ${Math.random()}`
    await first.files.write(path('src/plan.md'), written)
    // Before it rests, what has changed since the last copy is copied.
    await sandboxes.pause(project)
    // As the provider would: the record and the files are gone.
    const [row] = await database.db.select().from(table).where(eq(table.projectId, project))
    await sandboxes.kill(project)
    await sandboxes.stop()
    await rm(join(dataDir, 'sandboxes', String(row?.sandboxId)), { recursive: true })
    sandboxes = await open()

    const second = await sandboxes.get(project)
    expect(second.id).not.toBe(first.id)
    expect(text(await second.files.read(path('src/plan.md')))).toBe(written)
    expect(text(await second.files.read(path(String.raw`d\xe9/caf\xe9`)))).toBe('a name in Latin-1')
    expect(await say(second, String.raw`cat $'d\xe9/caf\xe9'`)).toBe('a name in Latin-1')
    expect(await say(second, 'readlink link; git log --format=%s')).toBe('src/plan.md\nfirst')
    for (const gone of ['build/out.bin', 'src/secret.txt', 'node_modules/a/index.js', 'big.bin']) {
      await expect(second.files.stat(path(gone)), gone).rejects.toMatchObject({ code: 'not_found' })
    }
    const stored = await database.db.select({ data: items.data }).from(items).where(eq(items.sessionId, session))
    expect(stored.map(({ data }) => data)).toMatchObject([{ type: 'event', event: 'sandbox_restored', detail: { leftOut: ['big.bin'] } }])
    expect(shown.at(-1)).toMatchObject({ event: 'sandbox_restored', text: expect.stringContaining('were restored') })
  })

  test('two servers that use it first at once make one', async () => {
    const { project } = await makeProject()
    const config = { dataDir: join(dataDir, 'shared'), sandbox: { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] } }
    const provider = await openProvider({ config, clock, log })
    if ('detail' in provider) throw new Error(provider.detail)
    const calls = callsTo(provider)
    const servers = [1, 2].map(() =>
      createBinding({ database, clock, log, provider, calls, copies: createCopies({ dataDir, now: () => clock.now() }) }),
    )
    const opened = await Promise.all(servers.map((server) => server.open(project)))
    expect(new Set(opened.map(({ sandbox }) => sandbox.sandboxId)).size).toBe(1)
    expect(await readdir(join(dataDir, 'shared/sandboxes'))).toHaveLength(1)
    await provider.stop()
  })

  test('what did not start is tried again while somebody is there', async () => {
    const { project } = await makeProject()
    await sandboxes.get(project)
    await sandboxes.kill(project)
    // A file where a folder must be: no machine can be started on it.
    const [row] = await database.db.select().from(table).where(eq(table.projectId, project))
    const workspace = join(dataDir, 'sandboxes', String(row?.sandboxId), 'home', 'user')
    await rename(workspace, `${workspace}.aside`)
    await writeFile(workspace, 'in the way')
    await expect(sandboxes.get(project)).rejects.toMatchObject({ code: 'sandbox_failed' })
    expect((await sandboxes.state(project)).status).toBe('failed')
    await rm(workspace)
    await rename(`${workspace}.aside`, workspace)
    people = 1
    clock.forward(minuteMs)
    await settled(project, 'running')
    expect(await say(await sandboxes.get(project), 'echo back')).toBe('back')
    people = 0
  })

  test('limits are kept, hold at once, and are checked', async () => {
    const { project } = await makeProject()
    const sandbox = await sandboxes.get(project)
    expect(await sandboxes.setLimits(project, { processes: 70, memoryBytes: 512 * 2 ** 20, diskBytes: 100 * 2 ** 20 })).toMatchObject({
      processes: 70,
    })
    expect(await sandboxes.limits(project)).toMatchObject({ memoryBytes: 512 * 2 ** 20, diskBytes: 100 * 2 ** 20, idleMinutes: 30 })
    expect(await sandboxes.usage(project)).toMatchObject({ memoryLimitBytes: 512 * 2 ** 20, diskLimitBytes: 100 * 2 ** 20 })
    expect((await sandboxes.restart(project)).status).toBe('running')
    // A host that is no root cannot set it for each sandbox.
    const processes = await say(await sandboxes.get(project), 'ulimit -u')
    expect(processes).toBe(process.getuid?.() === 0 ? '70' : processes)
    for (const wrong of [{ processes: 1 }, { cpus: 10_000 }, { memoryBytes: 2 ** 50 }, { idleMinutes: 0.5 }]) {
      await expect(sandboxes.setLimits(project, wrong)).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(sandbox.id).toBe((await sandboxes.get(project)).id)
  })

  test('removed, nothing of it is left, not even its copy', async () => {
    const { project } = await makeProject()
    const sandbox = await sandboxes.get(project)
    await sandbox.files.write(path('diary.txt'), 'of Ada')
    await vi.waitFor(async () => expect(await readdir(join(dataDir, 'copies'))).toContain(`${project}.tgz`), patience)
    await sandboxes.remove(project)
    expect((await readdir(join(dataDir, 'copies'))).filter((name) => name.startsWith(project))).toEqual([])
    expect((await sandboxes.state(project)).status).toBe('stopped')
    await expect((await sandboxes.get(project)).files.stat(path('diary.txt'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
