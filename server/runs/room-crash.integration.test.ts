import { setTimeout as moment } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Run } from '#shared/runs/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { allItems, decide, edit, emptyLedger, lostEdits, openTab, sendAgain, settled, talk } from '../testing/room-crash.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'
import { startScriptedModel } from '../testing/scripted-model.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { lackOf } from '../testing/require.ts'

const roundsOn = (kind: string) => Number(process.env.ATRIUM_KILL_ROUNDS ?? (kind === 'embedded' ? 3 : 2))

let tokens = 0

/** Says a little, then mostly asks for something. Every command has a token of its own, which it appends to a file. */
async function script(reply: ScriptedReply): Promise<void> {
  let gone = false
  void reply.request.aborted.then(() => (gone = true))
  for (const word of 'Let me see what there is to do here .'.split(' ')) {
    if (gone) return
    reply.delta(`${word} `)
    await moment(10 + Math.random() * 20)
  }
  if (gone) return
  const last = (reply.request.body.messages as { role: string }[]).at(-1)
  const chance = last?.role === 'user' ? Math.random() : 1
  const token = `token-${++tokens}`
  if (chance < 0.5) {
    reply.toolCall('run_command', { command: `echo ${token} >> calls.txt; sleep 0.1; echo done` })
    if (chance < 0.15) reply.toolCall('run_command', { command: `echo ${token}-b >> calls.txt` })
  } else if (chance < 0.65) reply.toolCall('update_todos', { todos: [{ text: token, status: 'pending' }] })
  else if (chance < 0.8) reply.toolCall('write_file', { path: 'notes.md', content: token })
  else if (chance < 0.9) reply.toolCall('ask_people', { questions: [{ text: `Which one, ${token}?` }] })
  reply.finish()
}

const tokenOf = (args: unknown) => /echo (token-\d+(?:-b)?)/.exec(JSON.stringify(args))?.[1]

describeOnDatabases('on %s', (kind) => {
  test(
    'killed at random moments, a room loses nothing that was acknowledged and does nothing twice',
    { timeout: 90_000 + roundsOn('embedded') * 60_000 },
    async () => {
      const rounds = roundsOn(kind)
      const postgres = kind === 'postgres' ? await createPostgresDatabase() : undefined
      const model = await startScriptedModel()
      model.answer(script)
      const server = await startCrashableServer({
        OPENAI_BASE_URL: model.url,
        OPENAI_API_KEY: 'test',
        ATRIUM_MODEL: 'scripted',
        ATRIUM_SIGNUP: 'open',
        ATRIUM_SANDBOX: (await lackOf('sandbox')) ? 'off' : 'local',
        ...(postgres && { DATABASE_URL: postgres.url }),
      })
      const ledger = emptyLedger()
      const total = { kills: 0, runs: 0, calls: 0, unknown: 0, cutOff: 0, again: 0 }
      const seen: Seen = { ran: [], refused: [], decisions: new Map(), answers: new Map() }
      try {
        const [ada, mei] = [await signUp(server.url, adaIs), await signUp(server.url, meiIs)]
        const { id: projectId } = await makeProject(ada)
        await join(ada, projectId, mei, 'editor')

        for (let round = 1; round <= rounds; round++) {
          const session = await ada.json<SessionSummary>('POST', `/api/projects/${projectId}/sessions`, {})
          const tabs = [await openTab(server.url, ada, projectId), await openTab(server.url, mei, projectId)]
          const over = new AbortController()
          const busy = [ada, mei].flatMap((person, at) => {
            const tab = tabs[at]
            return [
              ...(tab ? [edit(tab, person, ledger, over.signal)] : []),
              talk(person, session.id, ledger, over.signal),
              decide(person, projectId, session.id, ledger, over.signal),
            ]
          })
          await moment(Math.random() * 2500)
          await server.crash()
          total.kills += 1
          over.abort()
          // What they still hold must not come back with them.
          for (const tab of tabs) tab.close()
          await Promise.all(busy)
          await server.resume()
          if (Math.random() < 0.3) {
            await moment(Math.random() * 500)
            await server.crashAndRestart()
            total.kills += 1
          }

          const fresh = await openTab(server.url, mei, projectId)
          expect(lostEdits(fresh, ledger), `round ${round}: saved edits are lost`).toEqual([])
          fresh.close()
          total.again += await sendAgain(ledger)
          await settled(ada, projectId, session.id, ledger, server.output)
          await checkSession(ada, session.id, total, seen)
        }

        expect([...ledger.decisions].filter(([id, decision]) => seen.decisions.get(id) !== decision)).toEqual([])
        expect([...ledger.answers].filter(([id, text]) => seen.answers.get(id) !== text)).toEqual([])
        const file = await ada.fetch(`/api/projects/${projectId}/files/calls.txt`)
        const lines = file.ok ? (await file.text()).split('\n').filter((line) => line !== '') : []
        expect(lines, 'a command ran twice').toEqual([...new Set(lines)])
        expect(
          seen.ran.filter((token) => !lines.includes(token)),
          'a call says it ran and did not',
        ).toEqual([])
        expect(
          seen.refused.filter((token) => lines.includes(token)),
          'a refused call ran',
        ).toEqual([])
        expect(ledger.faults).toEqual([])
        process.stdout.write(
          `room, kill -9 on ${kind}: ${rounds} rounds, ${total.kills} kills, ${ledger.words.size + [...ledger.todos.values()].reduce((sum, n) => sum + n, 0)} edits, ` +
            `${ledger.messages.size} messages (${total.again} sent again), ${ledger.decisions.size} decisions, ${ledger.answers.size} answers, ${total.runs} runs, ` +
            `${total.calls} calls (${lines.length} commands ran, ${total.unknown} of unknown outcome), ${total.cutOff} answers cut off: 0 lost, 0 twice\n`,
        )
      } catch (error) {
        process.stderr.write(`${server.output().slice(-5000)}\n`)
        throw error
      } finally {
        await server.stop()
        await postgres?.drop()
        await model.stop()
      }
    },
  )
})

type Seen = { ran: string[]; refused: string[]; decisions: Map<string, string>; answers: Map<string, string | undefined> }

/** Every item in its place once, every run at its end; notes what became of calls, decisions and answers. */
async function checkSession(
  by: TestPerson,
  sessionId: string,
  total: { runs: number; calls: number; unknown: number; cutOff: number },
  seen: Seen,
): Promise<void> {
  const items = await allItems(by, sessionId)
  expect(items.map((item) => item.seq)).toEqual(items.map((_, index) => index + 1))
  const said = items.flatMap((item) => (item.type === 'message' && item.author.kind === 'user' ? [item.text] : []))
  expect(said).toEqual([...new Set(said)])
  const steps = items.flatMap((item) => (item.type === 'tool_call' ? [item.stepId] : []))
  expect(steps).toEqual([...new Set(steps)])
  const ids = [...new Set(items.flatMap((item) => (item.runId ? [item.runId] : [])))]
  const runs = await Promise.all(ids.map((id) => by.json<Run>('GET', `/api/runs/${id}`)))
  expect(runs.filter((run) => run.status !== 'completed')).toEqual([])
  total.runs += runs.length
  const open: unknown[] = []
  for (const item of items) {
    if (item.type === 'approval') seen.decisions.set(item.approval.id, item.status)
    if (item.type === 'question') seen.answers.set(item.id, item.answers?.[0]?.text)
    if ((item.type === 'question' && item.status === 'open') || (item.type === 'approval' && item.status === 'pending')) open.push(item)
    if (item.type === 'message' && item.interrupted) total.cutOff += 1
    if (item.type !== 'tool_call') continue
    total.calls += 1
    if (item.error?.code === 'outcome_unknown') total.unknown += 1
    const token = tokenOf(item.args)
    if (token && item.status === 'ok') seen.ran.push(token)
    if (token && item.status === 'denied') seen.refused.push(token)
  }
  expect(open, 'something waits that nobody will end').toEqual([])
}
