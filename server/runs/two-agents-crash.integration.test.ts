import { expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import { readActiveRuns } from '#shared/sessions/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { lackOf } from '../testing/require.ts'
import { allItems } from '../testing/room-crash.ts'
import { asked } from '../testing/run-room.ts'
import { type ScriptedReply, type ScriptedRequest, startScriptedModel } from '../testing/scripted-model.ts'

const isScouts = ({ body }: ScriptedRequest) => (body.messages[0]?.content ?? '').startsWith('You are Scout')
const patient = { timeout: 60_000, interval: 50 }

describeOnDatabases('two agents in one session, on %s', (kind) => {
  test('killed while one streams and was steered and the other waits for an approval, each goes on as itself', { timeout: 180_000 }, async () => {
    const postgres = kind === 'postgres' ? await createPostgresDatabase() : undefined
    const model = await startScriptedModel()
    const env: Record<string, string> = {
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'test',
      ATRIUM_MODEL: 'scripted',
      ATRIUM_SIGNUP: 'open',
      ATRIUM_SANDBOX: (await lackOf('sandbox')) ? 'off' : 'local',
      ...(postgres && { DATABASE_URL: postgres.url }),
    }
    const server = await startCrashableServer(env, 'server/testing/two-agents-process.ts')
    try {
      const ada = await signUp(server.url, adaIs)
      const { id: projectId } = await makeProject(ada)
      const session = await ada.json<SessionSummary>('POST', `/api/projects/${projectId}/sessions`, {})
      const say = (text: string, more: Record<string, unknown> = {}) =>
        ada.json<{ itemId: ItemId; runId: string }>('POST', `/api/sessions/${session.id}/messages`, { text, ...more })
      const runOf = (id: string) => ada.json<Run>('GET', `/api/runs/${id}`)
      const requests = async (count: number): Promise<ScriptedReply[]> => {
        const found: ScriptedReply[] = []
        while (found.length < count) found.push(await model.nextRequest())
        return found.sort((a, b) => Number(isScouts(a.request)) - Number(isScouts(b.request)))
      }

      const builders = await say('Build.', { to: 'builder' })
      const scouts = await say('@scout count the files')
      const [builder, scout] = (await requests(2)) as [ScriptedReply, ScriptedReply]
      builder.delta('I build a ')
      scout.delta('I count.').toolCall('run_command', { command: 'echo counted >> counts.txt; cat counts.txt' }).finish()
      await vi.waitFor(async () => expect((await runOf(scouts.runId)).status).toBe('waiting'), patient)
      await say('make it blue', { to: 'builder', mode: 'steer' })
      await say('then rest', { to: 'scout', mode: 'queue' })

      env.ATRIUM_TEST_SCOUT_VERSION = '2'
      await server.crashAndRestart()

      const [again] = (await requests(1)) as [ScriptedReply]
      expect(isScouts(again.request)).toBe(false)
      expect(asked(again.request)).toContain('make it blue')
      expect(asked(again.request)).not.toContain('then rest')
      expect(asked(again.request)).not.toContain('counts.txt')
      expect(await runOf(scouts.runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'approval' }, agentName: 'Scout' })

      const socket = new HocuspocusProviderWebsocket({
        url: `${server.url.replace('http', 'ws')}/sync`,
        WebSocketPolyfill: withHeaders({ cookie: ada.cookie, origin: server.url }),
      })
      const shown = openDocument(socket, `session/${session.id}`, new Y.Doc(), '')
      await shown.synced()
      expect(readActiveRuns(shown.doc).map(({ agentId, status }) => [agentId, status])).toEqual([
        ['builder', 'running'],
        ['scout', 'waiting'],
      ])

      const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
      expect(approvals).toHaveLength(1)
      await ada.json('POST', `/api/approvals/${approvals[0]?.id}/decision`, { decision: 'approve' })
      again.delta('A blue house.').finish()
      const [told] = (await requests(1)) as [ScriptedReply]
      expect(isScouts(told.request)).toBe(true)
      told.delta('One.').finish()
      const [next] = (await requests(1)) as [ScriptedReply]
      expect(isScouts(next.request)).toBe(true)
      expect(asked(next.request)).toContain('then rest')
      next.delta('Resting.').finish()
      await vi.waitFor(() => expect(readActiveRuns(shown.doc)).toEqual([]), patient)
      shown.provider.destroy()
      socket.destroy()

      const items = await allItems(ada, session.id)
      const said = items.flatMap((item) => (item.type === 'message' && item.author.kind === 'agent' ? [[item.author.name, item.text]] : []))
      expect(said).toEqual([
        ['Scout', 'I count.'],
        ['Builder', 'I build a '],
        ['Builder', 'A blue house.'],
        ['Scout', 'One.'],
        ['Scout', 'Resting.'],
      ])
      expect(items.filter((item) => item.type === 'tool_call').map((item) => [item.author.name, item.status])).toEqual([
        ['Scout', expect.any(String)],
      ])
      const changed = items.filter((item) => item.type === 'event' && item.event === 'agent_changed')
      expect(changed).toMatchObject([{ runId: scouts.runId, detail: { agent: 'Scout', versions: ['1', '2'] } }])
      expect((await runOf(builders.runId)).status).toBe('completed')
      // Without a sandbox nothing was run, and nothing can have been run twice.
      const counted = env.ATRIUM_SANDBOX === 'local' ? await (await ada.fetch(`/api/projects/${projectId}/files/counts.txt`)).text() : 'counted'
      expect(counted.split('counted')).toHaveLength(2)
    } finally {
      await server.stop()
      await model.stop()
      await postgres?.drop()
    }
  })
})
