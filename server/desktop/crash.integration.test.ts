import { expect, test, vi } from 'vitest'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { DesktopControl } from '#shared/desktop/schema.ts'
import type { Run } from '#shared/runs/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import { connectRfb } from './testing/rfb-client.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

const at = { timeout: 30_000, interval: 20 }

test('after kill -9 a holder who does not come back loses control, and the run that waited for it goes on', onDesktop, async () => {
  const model = await startScriptedModel()
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'local' }
  const server = await startCrashableServer(env)
  try {
    const ada = await signUp(server.url, adaIs)
    const mei = await signUp(server.url, meiIs)
    const projectId = (await makeProject(ada)).id as ProjectId
    await join(ada, projectId, mei, 'editor')
    const path = `/api/projects/${projectId}/desktop`
    const control = async () => (await ada.json<{ control: DesktopControl }>('GET', path)).control
    await ada.json('POST', `${path}/start`)

    const client = connectRfb(`${server.url}${path}`, { cookie: mei.cookie })
    await client.opened
    await mei.json('POST', `${path}/control`, { action: 'request' })
    model.queue(calls(['computer', { action: 'move', x: 9, y: 9 }]))
    const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
    const { runId } = await ada.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text: 'move', to: 'agent' })
    const run = () => ada.json<Run>('GET', `/api/runs/${runId}`)
    await vi.waitFor(async () => {
      const { approvals } = await ada.json<{ approvals: { id: string }[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
      await ada.json('POST', `/api/approvals/${approvals[0]?.id}/decision`, { decision: 'approve' })
    }, at)
    await vi.waitFor(async () => expect(await run()).toMatchObject({ status: 'waiting', waitingFor: { kind: 'control' } }), at)

    model.queue(says('done'))
    await server.crashAndRestart()
    expect((await client.closed).code).toBe(1006)
    // As it was, for a moment: Mei may come back.
    expect(await control()).toMatchObject({ holder: { name: 'Mei' }, requests: [{ by: { name: 'Builder' } }] })
    await vi.waitFor(async () => expect((await run()).status).toBe('completed'), at)
    await vi.waitFor(async () => expect((await control()).holder).toBeNull(), at)
  } finally {
    await server.stop()
    await model.stop()
  }
})
