import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RuleId, RunId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { readLastRun, readLive } from '#shared/sessions/doc.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { policyRules } from '../approvals/table.ts'
import type { TestPerson } from '../testing/people.ts'
import { asked, openRunRoom, type RunRoom } from '../testing/run-room.ts'
import { calls } from '../testing/scripted-model.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { needs } from '../testing/require.ts'

describeOnDatabases(
  'one call is stopped, on %s',
  (database) => {
    let room: RunRoom
    let { model, server, ada, mei, tomas, projectId } = {} as RunRoom

    beforeAll(async () => {
      room = await openRunRoom({ database, env: { ATRIUM_SANDBOX: 'local' } })
      ;({ model, server, ada, mei, tomas, projectId } = room)
      const rule = { projectId, tool: 'run_command', permission: 'allow' as const, createdBy: ada.id, createdAt: 1 }
      await server.parts.database.db.insert(policyRules).values({ id: newId<RuleId>('rul'), ...rule })
    })
    afterAll(() => room.close())

    test('its command is killed, what it printed stays, and the run goes on with the next one', async () => {
      const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
      model.queue(calls(['run_command', { command: 'echo begun; sleep 300' }], ['run_command', { command: 'echo after' }]))
      const { runId } = await ada.json<{ runId: RunId }>('POST', `/api/sessions/${id}/messages`, { text: 'wait', to: 'agent' })
      const stop = (who: TestPerson, step: string, run: string = runId) => who.fetch(`/api/runs/${run}/steps/${step}/stop`, { method: 'POST' })
      const opened = await server.parts.documents.open({ kind: 'session', sessionId: id })
      const live = () => readLive(opened.doc).flatMap(({ item }) => (item.type === 'tool_call' ? [item] : []))
      const printed = () => readLive(opened.doc).map(({ text }) => text.toJSON())
      await vi.waitFor(() => expect(printed()).toContain('begun\n'), { timeout: 15_000 })
      const withStatus = (status: string) => live().find((item) => item.status === status) as ToolCallItem
      const [running, queued] = [withStatus('running'), withStatus('queued')]

      expect((await stop(tomas, running.stepId)).status).toBe(403)
      expect((await stop(mei, queued.stepId)).status).toBe(409)
      expect((await stop(mei, newId('stp'))).status).toBe(404)
      const pressed = await Promise.all([stop(mei, running.stepId), stop(mei, running.stepId)])
      expect(pressed.map(({ status }) => status)).toEqual([204, 204])
      const next = await model.nextRequest()
      expect(asked(next.request)).toContain('stopped: Mei stopped it.')
      expect(asked(next.request)).toContain('after')
      expect((await stop(mei, running.stepId)).status).toBe(204)

      // Everybody sees that it pauses after this step.
      await mei.json('POST', `/api/runs/${runId}/pause`)
      await vi.waitFor(() => expect(readLastRun(opened.doc)).toMatchObject({ status: 'running', stopping: true }))
      await mei.json('POST', `/api/runs/${runId}/resume`)
      await vi.waitFor(() => expect(readLastRun(opened.doc)?.stopping).toBeUndefined())
      next.delta('Done.').finish()
      await vi.waitFor(async () => expect(await ada.json('GET', `/api/runs/${runId}`)).toMatchObject({ status: 'completed' }))
      await opened.close()
      const { items } = await ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items`)
      expect(items.filter((item) => item.type === 'tool_call').reverse()).toMatchObject([
        { status: 'cancelled', output: 'begun\n', error: { code: 'stopped', message: 'Mei stopped it.' } },
        { status: 'ok', output: 'after\n' },
      ])
    })
  },
  await needs('sandbox'),
)
