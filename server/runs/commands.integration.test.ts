import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { calls, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { countProcesses } from '../sandboxes/contract-processes.ts'

const inSandbox = await needs('sandbox')

let model: ScriptedModel
let server: TestServer
let ada: TestPerson
let projectId: string

beforeAll(async () => {
  model = await startScriptedModel()
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SANDBOX: 'local' }
  server = await startTestServer({ env })
  ada = await signUp(server.url, adaIs)
  projectId = (await makeProject(ada)).id
})
afterAll(async () => {
  await server.stop()
  await model.stop()
})

const shell = (command: string) => ada.json<{ stdout: string }>('POST', `/api/projects/${projectId}/commands`, { command })

/** A run whose command is approved and has begun. */
async function running(marker: string) {
  const { id } = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, {})
  model.queue(calls(['run_command', { command: `echo begun; touch ${marker}; sleep 300; touch ${marker}-ended` }]))
  const { runId } = await ada.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text: 'go', to: 'agent' })
  const status = (wanted: string) =>
    vi.waitFor(async () => expect((await ada.json<Run>('GET', `/api/runs/${runId}`)).status).toBe(wanted), { timeout: 10_000, interval: 30 })
  await status('waiting')
  const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
  await ada.json('POST', `/api/approvals/${approvals[0]?.id}/decision`, { decision: 'approve' })
  await vi.waitFor(async () => expect((await shell('ls')).stdout).toContain(marker), { timeout: 20_000, interval: 100 })
  const call = async () => (await ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items`)).items.find((item) => item.type === 'tool_call')
  return { id, runId, status, call }
}

const asleep = async () => Number((await shell(countProcesses('^sleep '))).stdout.trim())

test('stop kills the command and keeps what it printed', inSandbox, async () => {
  const { runId, call } = await running('first')
  expect(await asleep()).toBe(1)
  expect(await ada.json<Run>('POST', `/api/runs/${runId}/cancel`)).toMatchObject({ status: 'cancelled' })
  await vi.waitFor(async () => expect(await asleep()).toBe(0), { timeout: 10_000, interval: 100 })
  expect(await call()).toMatchObject({ status: 'cancelled', output: 'begun\n', error: { code: 'cancelled' } })
})

test('an interrupting message kills the command, and the run goes on with the message', inSandbox, async () => {
  const { id, status, call } = await running('second')
  await ada.json('POST', `/api/sessions/${id}/messages`, { text: 'never mind', mode: 'interrupt', to: 'agent' })
  const next = await model.nextRequest()
  expect(JSON.stringify(next.request.body.messages)).toContain('never mind')
  expect(await asleep()).toBe(0)
  next.delta('Ok.').finish()
  await status('completed')
  expect(await call()).toMatchObject({ status: 'cancelled', error: { code: 'interrupted' } })
})
