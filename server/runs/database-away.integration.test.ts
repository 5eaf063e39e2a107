import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import type { Run } from '#shared/runs/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { allItems } from '../testing/room-crash.ts'
import { says, startScriptedModel } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

test('a connection to Postgres that breaks in the middle of a commit ends neither the server nor the run', await needs('postgres'), async () => {
  const model = await startScriptedModel()
  const { url, drop } = await createPostgresDatabase()
  const admin = postgres(url, { max: 2 })
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'off' }
  const server = await startCrashableServer({ ...env, DATABASE_URL: url })
  const { pid } = server
  try {
    const ada = await signUp(server.url, adaIs)
    const project = await makeProject(ada)
    const { id } = await ada.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, {})
    const { runId } = await ada.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text: 'tell me', to: 'agent' })
    const reply = await model.nextRequest()
    model.answer(says('Twice upon a time.'))
    await admin.begin(async (holder) => {
      await holder`select id from sessions where id = ${id} for update`
      reply.delta('Once upon a time.').finish()
      // The commit of the answer waits for that row; then its connection ends, and the database is there again at once.
      const end = () => admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      await vi.waitFor(async () => expect((await end()).length).toBeGreaterThan(0), { timeout: 5000, interval: 10 })
    })
    const run = () => ada.json<Run>('GET', `/api/runs/${runId}`)
    await vi.waitFor(async () => expect((await run()).status).toMatch(/completed|failed/), { timeout: 20_000, interval: 50 })
    expect(await run()).toMatchObject({ status: 'completed', error: null })
    const texts = (await allItems(ada, id)).flatMap((item) => (item.type === 'message' ? [item.text] : []))
    expect(texts.at(-1)).toBe('Twice upon a time.')
    expect(server.pid).toBe(pid)
    expect(server.output()).not.toContain('stopping after a failure')
  } finally {
    await server.stop()
    await admin.end()
    await drop()
    await model.stop()
  }
})
