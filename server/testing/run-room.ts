import { sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { MakeProfiles } from '../profiles/built-in.ts'
import { boundaryIn, readMarks } from '../models/boundary/read-marks.ts'
import type { DatabaseKind } from './database.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp, tomas as tomasIs } from './people.ts'
import type { TestPerson } from './people.ts'
import { startScriptedModel } from './scripted-model.ts'
import type { ScriptedRequest } from './scripted-model.ts'
import { startTestServer } from './server.ts'

export type RunRoom = Awaited<ReturnType<typeof openRunRoom>>

type RoomOptions = { database?: DatabaseKind; clock?: Clock; env?: Record<string, string>; log?: Logger; makeProfiles?: MakeProfiles }

/** A server with a scripted model, and a project that Ada owns, Mei edits and Tomás reads. */
export async function openRunRoom({ database = 'embedded', clock, env: more, log, makeProfiles }: RoomOptions = {}) {
  const model = await startScriptedModel()
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ...more }
  const server = await startTestServer({ database, env, ...(clock && { clock }), ...(log && { log }), ...(makeProfiles && { makeProfiles }) })
  const ada = await signUp(server.url, adaIs)
  const mei = await signUp(server.url, meiIs)
  const tomas = await signUp(server.url, tomasIs)
  const projectId = (await makeProject(ada)).id as ProjectId
  await join(ada, projectId, mei, 'editor')
  await join(ada, projectId, tomas, 'viewer')

  return {
    model,
    server,
    ada,
    mei,
    tomas,
    projectId,

    async openSession() {
      const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
      const runOf = (runId: string | undefined) => ada.json<Run>('GET', `/api/runs/${runId}`)
      const items = async () => (await ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items?limit=200`)).items.reverse()
      return {
        id,
        runOf,
        items,
        send: (who: TestPerson, text: string, more: Record<string, unknown> = {}) =>
          who.json<{ itemId: ItemId; runId?: string }>('POST', `/api/sessions/${id}/messages`, { text, to: 'agent', ...more }),
        until: (runId: string | undefined, status: string) =>
          vi.waitFor(async () => expect((await runOf(runId)).status).toBe(status), { timeout: 10_000, interval: 20 }),
        events: async () => (await items()).flatMap((item) => (item.type === 'event' ? [item.event] : [])),
        said: async () => (await items()).flatMap((item) => (item.type === 'message' ? [`${item.author.name}: ${item.text}`] : [])),
      }
    },

    async pending(): Promise<Approval> {
      const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
      const [approval] = approvals
      if (!approval) throw new Error('nothing waits for a decision')
      return approval
    },

    decide: (who: TestPerson, approval: Approval, body: Record<string, unknown>) =>
      who.fetch(`/api/approvals/${approval.id}/decision`, { method: 'POST', body }),

    /** What earlier sessions left over ends: it would ask the model for something once its time is over. */
    async endRuns(): Promise<void> {
      const left = await server.parts.database.rows<{ id: string }>(sql`select id from runs where project_id = ${projectId} and ended_at is null`)
      for (const { id } of left) await ada.fetch(`/api/runs/${id}/cancel`, { method: 'POST' })
    },

    async close() {
      await server.stop()
      await model.stop()
    },
  }
}

/** What a request tells the model, as one text; what people say as "Ada: …". */
export function asked({ body: { messages } }: ScriptedRequest): string {
  const boundary = boundaryIn(messages[0]?.content ?? '')
  if (boundary === undefined) throw new Error('the request explains no boundary')
  const plainly = (content: string) =>
    readMarks(content, boundary)
      .map((part) => (part.kind === 'said' ? `${part.by}: ${part.text}` : part.text))
      .join('\n')
  return JSON.stringify(messages.map((message) => ({ ...message, content: plainly(message.content ?? '') })))
}
