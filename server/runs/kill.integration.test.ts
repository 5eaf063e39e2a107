import { setTimeout as moment } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import { createPostgresDatabase, databases } from '../testing/database.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import type { ScriptedReply } from '../testing/scripted-model.ts'
import { startScriptedModel } from '../testing/scripted-model.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'

const rounds = Number(process.env.ATRIUM_KILL_ROUNDS ?? 4)

/** Streams a little, asks for one command; after its result streams a little and ends. */
async function script(reply: ScriptedReply): Promise<void> {
  const messages = reply.request.body.messages as { role: string; content: unknown }[]
  const last = messages.at(-1)
  const asked = messages.findLast((message) => message.role === 'user')
  const round = /round (\d+)/.exec(JSON.stringify(asked?.content))?.[1]
  let gone = false
  void reply.request.aborted.then(() => (gone = true))
  for (const word of 'I am going to do what you asked for now .'.split(' ')) {
    if (gone) return
    reply.delta(`${word} `)
    await moment(25)
  }
  if (last?.role === 'user') reply.toolCall('run_command', { command: `echo ${round} >> calls.txt; sleep 0.2; echo done` })
  reply.finish()
}

test.each(databases)(
  'killed at random moments, nothing acknowledged is lost, nothing runs twice, every run ends: %s',
  { timeout: 60_000 + rounds * 30_000 },
  async (kind) => {
    const postgres = kind === 'postgres' ? await createPostgresDatabase() : undefined
    const model = await startScriptedModel()
    model.answer(script)
    const server = await startCrashableServer({
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'test',
      ATRIUM_MODEL: 'scripted',
      ATRIUM_SIGNUP: 'open',
      ...(postgres && { DATABASE_URL: postgres.url }),
    })
    try {
      const ada = await signUp(server.url, adaIs)
      const project = await makeProject(ada)
      const session = await ada.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, {})
      const accepted: { itemId: string; runId?: string }[] = []
      const decided: string[] = []
      /** While the server is down, nothing is acknowledged. */
      const tries = async <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(() => undefined)
      const approve = async () => {
        const found = await tries(() => ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${project.id}&status=pending`))
        for (const { id } of found?.approvals ?? []) {
          const answer = await tries(() => ada.fetch(`/api/approvals/${id}/decision`, { method: 'POST', body: { decision: 'approve' } }))
          if (answer?.ok) decided.push(id)
        }
      }
      let crashing: Promise<void> | undefined
      for (let round = 1; round <= rounds; round++) {
        const sent = await ada.json<{ itemId: string; runId?: string }>('POST', `/api/sessions/${session.id}/messages`, {
          text: `round ${round}`,
          to: 'agent',
        })
        accepted.push(sent)
        crashing = moment(Math.random() * 1800).then(() => server.crashAndRestart())
        crashing.catch(() => undefined)
        const until = Date.now() + 40_000
        for (;;) {
          await approve()
          const run = await tries(() => ada.json<Run>('GET', `/api/runs/${sent.runId}`))
          if (run && finalRunStatuses.includes(run.status)) break
          if (Date.now() > until) throw new Error(`round ${round} did not end: ${JSON.stringify(run)}\n${server.output()}`)
          await moment(30)
        }
        await crashing
      }

      const items: Item[] = []
      for (let before: number | null = null; ;) {
        const page: { items: Item[]; nextBefore: number | null } = await ada.json(
          'GET',
          `/api/sessions/${session.id}/items?limit=200${before === null ? '' : `&before=${before}`}`,
        )
        items.push(...page.items)
        before = page.nextBefore
        if (before === null) break
      }
      items.reverse()
      expect(items.map((item) => item.seq)).toEqual(items.map((_, index) => index + 1))
      const held = new Set(items.map((item) => item.id as string))
      expect(accepted.filter(({ itemId }) => !held.has(itemId))).toEqual([])
      const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${project.id}`)
      expect(decided.filter((id) => approvals.find((approval) => approval.id === id)?.status !== 'approved')).toEqual([])
      const runs = await Promise.all(accepted.map(({ runId }) => ada.json<Run>('GET', `/api/runs/${runId}`)))
      expect(runs.map((run) => run.status)).toEqual(runs.map(() => 'completed'))

      const file = await ada.fetch(`/api/projects/${project.id}/files/calls.txt`)
      const lines = file.ok ? (await file.text()).split('\n').filter((line) => line !== '') : []
      expect(lines, 'a command ran twice').toEqual([...new Set(lines)])
      const calls = items.filter((item) => item.type === 'tool_call')
      const finished = calls.filter((call) => call.status === 'ok').map((call) => /echo (\d+)/.exec(JSON.stringify(call.args))?.[1])
      expect(finished.filter((round) => round && !lines.includes(round))).toEqual([])
      const cutOff = items.filter((item) => item.type === 'message' && item.interrupted).length
      const unknown = calls.filter((call) => call.error?.code === 'outcome_unknown').length
      process.stdout.write(
        `kill -9 on ${kind}: ${rounds} rounds, ${cutOff} answers cut off, ${unknown} calls of unknown outcome, ${decided.length} decisions, 0 lost, 0 twice\n`,
      )
    } finally {
      await server.stop()
      await postgres?.drop()
      await model.stop()
    }
  },
)
