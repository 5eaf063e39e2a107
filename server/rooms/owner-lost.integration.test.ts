import { sql } from 'drizzle-orm'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { percentile } from '../bench/figures.ts'
import { connectPostgres } from '../db/postgres.ts'
import type { Database } from '../db/port.ts'
import { ada as adasAccount, join, makeProject, mei as meisAccount, signUp, type TestPerson } from '../testing/people.ts'
import { startRecoveryProbe } from '../testing/recovery.ts'
import { needs } from '../testing/require.ts'
import { allItems, decide, edit, emptyLedger, type Ledger, lostEdits, openTab, sendAgain, settled, talk } from '../testing/room-crash.ts'
import { type ScriptedReply, startScriptedModel } from '../testing/scripted-model.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import { at, startSeveral, type Several } from '../testing/several.ts'

/** How long it takes is a figure of `npm run bench -- owner`, which asks for many. */
const asked = process.env.ATRIUM_OWNER_ROUNDS
const rounds = Number(asked ?? 1)
const boundMs = asked ? 5_000 : 30_000

/** What may become of the process that has a room. `undo` gives back one that serves. */
type Fault = { fall(): Promise<unknown> | void; undo(): Promise<unknown> | void }

/** Says a little, then mostly asks for something. */
async function script(reply: ScriptedReply): Promise<void> {
  let gone = false
  void reply.request.aborted.then(() => (gone = true))
  for (const word of 'Let me see what there is to do here .'.split(' ')) {
    if (gone) return
    reply.delta(`${word} `)
    await pause(10 + Math.random() * 20)
  }
  const last = (reply.request.body.messages as { role: string }[]).at(-1)
  const chance = last?.role === 'user' ? Math.random() : 1
  if (chance < 0.4) reply.toolCall('update_todos', { todos: [{ text: `todo ${Math.random()}`, status: 'pending' }] })
  else if (chance < 0.6) reply.toolCall('ask_people', { questions: [{ text: 'Which one?' }] })
  reply.finish()
}

const apart = await needs('networks')

describe('a room whose process is lost', await needs('postgres'), () => {
  let several: Several
  let database: Database
  let model: Awaited<ReturnType<typeof startScriptedModel>>
  let people: { ada: TestPerson; mei: TestPerson }
  beforeAll(async () => {
    model = await startScriptedModel()
    model.answer(script)
    several = await startSeveral(2, { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' })
    database = connectPostgres(several.databaseUrl)
    const [first] = several.processes as [ServerProcess]
    people = { ada: await signUp(first.url, adasAccount), mei: await signUp(first.url, meisAccount) }
  })
  afterAll(async () => {
    await database?.close()
    await several?.stop()
    await model?.stop()
  })

  async function ownerPid(projectId: string): Promise<number | undefined> {
    const [row] = await database.rows<{ pid: number }>(
      sql`select pid from leases join processes on processes.id = leases.owner where project_id = ${projectId}`,
    )
    return row?.pid
  }

  /** What a failure is understood from: who has the rooms, who lives, and what everybody said last. */
  async function explain(): Promise<string> {
    const leases = await database.rows(sql`select project_id, owner, epoch::float8 as epoch from leases order by epoch desc limit 3`)
    const alive = await database.rows(
      sql`select id, pid, url, expires_at - (extract(epoch from clock_timestamp()) * 1000)::bigint as remaining from processes`,
    )
    const said = several.processes.map(({ url, child, output }) => `${url}, pid ${child.pid}:\n${output().slice(-4_000)}`)
    return [JSON.stringify(leases), JSON.stringify(alive), ...said].join('\n')
  }

  /** @returns ms until the room accepted edits again */
  const round = (owner: ServerProcess, fault: Fault): Promise<number> =>
    playRound(owner, fault).catch(async (error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await explain()}`, { cause: error })
    })

  async function playRound(owner: ServerProcess, fault: Fault): Promise<number> {
    const [first, second] = several.processes as [ServerProcess, ServerProcess]
    const ledger = emptyLedger()
    const [ada, mei] = [at(first, people.ada), at(second, people.mei)]
    const { id: projectId } = await makeProject(ada)
    const session = await at(owner, people.ada).json<SessionSummary>('POST', `/api/projects/${projectId}/sessions`, {})
    expect(await ownerPid(projectId)).toBe(owner.child.pid)
    await join(ada, projectId, mei, 'editor')
    const tabs = [await openTab(first.url, ada, projectId), await openTab(owner.url, mei, projectId), await openTab(second.url, mei, projectId)]
    const probe = await startRecoveryProbe(second.url, ada, projectId)
    const over = new AbortController()
    const busy = [
      ...tabs.map((tab, index) => edit(tab, index === 0 ? ada : mei, ledger, over.signal)),
      ...[ada, mei].flatMap((person) => [talk(person, session.id, ledger, over.signal), decide(person, projectId, session.id, ledger, over.signal)]),
    ]
    await pause(300 + Math.random() * 1_500)
    const fell = performance.now()
    await fault.fall()
    const took = await probe.after(fell).finally(() => over.abort())
    await Promise.all(busy)
    await fault.undo()
    await probe.stop()
    const fresh = await openTab([first, second][Math.floor(Math.random() * 2)]?.url ?? first.url, mei, projectId)
    expect(lostEdits(fresh, ledger), 'saved edits are lost').toEqual([])
    for (const tab of [...tabs, fresh]) tab.close()
    await sendAgain(ledger)
    await settled(ada, projectId, session.id, ledger, () => several.processes.map(({ output }) => output()).join('\n'))
    await checkSession(ada, session.id, ledger)
    expect(ledger.faults).toEqual([])
    return took
  }

  /** Says how long it took. @returns the 95th percentile, in ms */
  function shown(what: string, times: readonly number[]): number {
    const p95 = percentile([...times], 0.95)
    process.stdout.write(
      `owner ${what}, ${rounds} rounds: edits are accepted again after p50 ${Math.round(percentile([...times], 0.5))} ms, p95 ${Math.round(p95)} ms\n`,
    )
    return p95
  }

  const timeout = 60_000 + rounds * 60_000

  test('killed', { timeout }, async () => {
    const times: number[] = []
    for (let n = 0; n < rounds; n++) {
      const owner = await several.start()
      times.push(await round(owner, { fall: () => owner.end('SIGKILL'), undo: () => undefined }))
    }
    expect(shown('killed', times)).toBeLessThan(boundMs)
  })

  test('stopped, and going on later', { timeout }, async () => {
    const owner = await several.start()
    const times: number[] = []
    for (let n = 0; n < rounds; n++) {
      times.push(await round(owner, { fall: () => void owner.child.kill('SIGSTOP'), undo: () => serves(owner, () => owner.child.kill('SIGCONT')) }))
    }
    await owner.end('SIGKILL')
    expect(shown('stopped', times)).toBeLessThan(boundMs)
  })

  // A network of its own is made for that: only where it is asked for.
  test.each(asked ? ['and back later'] : [])('cut off, %s', { timeout, ...apart }, async () => {
    const owner = await several.startApart()
    const times: number[] = []
    for (let n = 0; n < rounds; n++)
      times.push(await round(owner, { fall: () => owner.network.cut(), undo: () => serves(owner, owner.network.mend) }))
    await owner.end('SIGKILL')
    expect(shown('cut off', times)).toBeLessThan(boundMs)
  })
})

/** What was sent into the cut is sent again only later and later: it takes as long again until the process has its database back. */
async function serves(process: ServerProcess, undo: () => unknown): Promise<void> {
  await undo()
  await vi.waitFor(async () => expect((await fetch(`${process.url}/api/ready`)).status).toBe(200), { timeout: 60_000, interval: 100 })
}

/** Every item in its place once, and every answer as it was acknowledged. */
async function checkSession(by: TestPerson, sessionId: string, ledger: Ledger): Promise<void> {
  const items = await allItems(by, sessionId)
  expect(items.map((item) => item.seq)).toEqual(items.map((_, index) => index + 1))
  const said = items.flatMap((item) => (item.type === 'message' && item.author.kind === 'user' ? [item.text] : []))
  expect(said).toEqual([...new Set(said)])
  const steps = items.flatMap((item) => (item.type === 'tool_call' ? [item.stepId] : []))
  expect(steps).toEqual([...new Set(steps)])
  const answers = new Map(items.flatMap((item) => (item.type === 'question' ? [[item.id, item.answers?.[0]?.text] as const] : [])))
  expect([...ledger.answers].filter(([id, text]) => answers.get(id) !== text)).toEqual([])
}
