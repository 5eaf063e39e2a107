import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { RunId, SessionId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { allItems } from '../testing/room-crash.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

const env = { OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'off' }
const clean = calls(['run_command', { command: 'echo clean' }])

/** A server that is killed, with a run of Ada's that waits for a decision. */
async function waiting(more: Record<string, string> = {}) {
  const model = await startScriptedModel()
  const server = await startCrashableServer({ ...env, OPENAI_BASE_URL: model.url, ...more })
  const ada = await signUp(server.url, adaIs)
  const project = await makeProject(ada)
  const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${project.id}/sessions`, {})
  model.queue(clean)
  const { runId } = await ada.json<{ runId: RunId }>('POST', `/api/sessions/${id}/messages`, { text: 'clean up', to: 'agent' })
  const until = (run: string, status: string) =>
    vi.waitFor(async () => expect((await ada.json<Run>('GET', `/api/runs/${run}`)).status).toBe(status), { timeout: 25_000, interval: 50 })
  const approvals = async () => (await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${project.id}`)).approvals
  await until(runId, 'waiting')
  const [approval] = await approvals()
  if (!approval) throw new Error('nothing waits')
  const post = (what: string, body: Record<string, unknown> = {}, of: Approval = approval) =>
    ada.fetch(`/api/approvals/${of.id}/${what}`, { method: 'POST', body })
  const toolCalls = async () => (await allItems(ada, id)).flatMap((item) => (item.type === 'tool_call' ? [item] : []))
  const stop = async () => {
    await server.stop()
    await model.stop()
  }
  return { model, server, ada, id, runId, approval, approvals, post, until, toolCalls, stop }
}

test('what was taken back stays taken back over a kill, and is decided anew', async () => {
  const { model, server, ada, runId, approval, approvals, post, until, toolCalls, stop } = await waiting()
  try {
    await ada.json('POST', `/api/runs/${runId}/pause`)
    expect(await (await post('decision', { decision: 'approve' })).json()).toMatchObject({ status: 'approved', takeBack: true })
    expect((await post('take-back')).status).toBe(200)
    await server.crashAndRestart()
    expect((await approvals())[0]).toMatchObject({ id: approval.id, status: 'pending', votes: [], notes: [{ kind: 'taken_back' }] })
    await ada.json('POST', `/api/runs/${runId}/resume`)
    await until(runId, 'waiting')
    expect(await toolCalls()).toEqual([])
    model.queue(says('Done.'))
    expect((await post('decision', { decision: 'approve' })).status).toBe(200)
    await until(runId, 'completed')
    expect(await toolCalls()).toMatchObject([{ startedAt: expect.any(Number) }])
  } finally {
    await stop()
  }
})

test('what was asked for again right before a kill is asked once', await needs('postgres'), async () => {
  const { url, drop } = await createPostgresDatabase()
  const sql = postgres(url, { max: 1 })
  const { model, server, ada, runId, approval, approvals, post, until, toolCalls, stop } = await waiting({ DATABASE_URL: url })
  try {
    await sql`update approvals set data = data || jsonb_build_object('expiresAt', 1) where id = ${approval.id}`
    model.queue(says('Then not.'))
    // What is overdue ends at the start.
    await server.crashAndRestart()
    await vi.waitFor(async () => expect((await approvals())[0]?.status).toBe('expired'), { timeout: 25_000, interval: 50 })
    await until(runId, 'completed')
    const asked = await Promise.all([post('ask-again'), post('ask-again')])
    expect(asked.map(({ status }) => status)).toEqual([200, 200])
    await server.crashAndRestart()
    const pending = async () => (await approvals()).filter(({ status }) => status === 'pending')
    await vi.waitFor(async () => expect(await pending()).toHaveLength(1), { timeout: 25_000, interval: 50 })
    const [fresh] = await pending()
    expect(fresh?.args).toEqual(approval.args)
    expect((await post('ask-again')).status).toBe(200)
    model.queue(says('Clean.'))
    expect((await post('decision', { decision: 'approve' }, fresh)).status).toBe(200)
    await until(fresh?.runId ?? '', 'completed')
    expect(await toolCalls()).toMatchObject([{ status: 'denied' }, { startedAt: expect.any(Number), runId: fresh?.runId }])
    expect((await ada.json<Run>('GET', `/api/runs/${fresh?.runId}`)).causedBy.name).toBe('Ada')
  } finally {
    await stop()
    await sql.end()
    await drop()
  }
})
