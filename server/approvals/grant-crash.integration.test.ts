import { expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

const inSandbox = await needs('sandbox')

const at = { timeout: 30_000, interval: 20 }

test('what was approved for a run holds for it after kill -9, and for no other run', { ...inSandbox, timeout: 180_000 }, async () => {
  const model = await startScriptedModel()
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'local' }
  const server = await startCrashableServer(env)
  try {
    const ada = await signUp(server.url, adaIs)
    const projectId = (await makeProject(ada)).id as ProjectId
    const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
    const send = async (text: string) => (await ada.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text, to: 'agent' })).runId
    const run = (runId: string) => ada.json<Run>('GET', `/api/runs/${runId}`)
    const pending = () =>
      vi.waitFor(async () => {
        const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
        if (!approvals[0]) throw new Error('nothing is asked yet')
        return approvals[0]
      }, at)

    model.queue(calls(['run_command', { command: 'touch first' }]))
    const runId = await send('make two files')
    const first = await pending()
    await ada.json('POST', `/api/approvals/${first.id}/decision`, { decision: 'approve', scope: 'run' })
    // The server dies while the model thinks about what comes next.
    const cut = await model.nextRequest()
    await server.crashAndRestart()
    cut.finish()
    model.queue(calls(['run_command', { command: 'touch second' }]), says('Both are there.'))
    await vi.waitFor(async () => expect((await run(runId)).status).toBe('completed'), at)
    const { items } = await ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items?limit=200`)
    const made = items.filter((item) => item.type === 'tool_call').reverse()
    expect(made.map(({ status, approvalId }) => [status, approvalId])).toEqual([
      ['ok', first.id],
      ['ok', first.id],
    ])

    model.queue(calls(['run_command', { command: 'touch third' }]))
    const other = await send('and a third')
    const second = await pending()
    expect(second).toMatchObject({ runId: other })
  } finally {
    await server.stop()
    await model.stop()
  }
})
