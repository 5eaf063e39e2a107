import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type * as Y from 'yjs'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { readPendingApprovals, readSessions } from '#shared/projects/doc.ts'
import type { Run } from '#shared/runs/schema.ts'
import { readApprovalState, readLastRun, readItems, readLive, readQueue } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

/** Reads server-sent events until told to stop. */
function listen(url: string, person: TestPerson, sessionId: string, lastEventId?: string) {
  const got: { id: string; event: string; data: Record<string, unknown> }[] = []
  const abort = new AbortController()
  const headers = { cookie: person.cookie, ...(lastEventId && { 'last-event-id': lastEventId }) }
  const opened = fetch(`${url}/api/sessions/${sessionId}/events`, { headers, signal: abort.signal })
  const over = (async () => {
    const answer = await opened
    let rest = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += chunk
      const parts = rest.split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const fields = Object.fromEntries(part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
        if (fields.event) got.push({ id: String(fields.id), event: fields.event, data: JSON.parse(String(fields.data)) as Record<string, unknown> })
      }
    }
  })().catch(() => undefined)
  return { got, opened, over, stop: () => abort.abort() }
}

describeOnDatabases('sessions on %s', (kind) => {
  let model: ScriptedModel
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  let projectId: ProjectId
  let sessionId: SessionId

  beforeAll(async () => {
    model = await startScriptedModel()
    server = await startTestServer({ database: kind, env: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
    projectId = (await makeProject(ada)).id
    await join(ada, projectId, mei, 'editor')
  })
  afterAll(async () => {
    await server.stop()
    await model.stop()
  })
  beforeEach(async () => {
    sessionId = (await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})).id
  })

  const send = (who: TestPerson, text: string, more: Record<string, unknown> = {}) =>
    who.json<{ itemId: string; runId?: string }>('POST', `/api/sessions/${sessionId}/messages`, { text, to: 'agent', ...more })
  const until = (id: string | undefined, status: string) =>
    vi.waitFor(async () => expect((await ada.json<Run>('GET', `/api/runs/${id}`)).status).toBe(status), { timeout: 10_000, interval: 20 })
  const withDoc = async (check: (doc: Y.Doc) => void) => {
    const opened = await server.parts.documents.open({ kind: 'session', sessionId })
    try {
      await vi.waitFor(() => check(opened.doc), { timeout: 20_000, interval: 10 })
    } finally {
      await opened.close()
    }
  }

  test('an answer of tool calls alone leaves nothing being said', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
      model.queue(calls(['update_todos', { todos: [{ text: 'Buy seeds', status: 'pending' }] }]), says('Done.'))
      await ada.json('POST', `/api/sessions/${id}/messages`, { text: 'Plan it', to: 'agent' })
      await vi.waitFor(async () => {
        const { run } = await ada.json<{ run: { status: string } | null }>('GET', `/api/sessions/${id}`)
        expect(run?.status).toBe('completed')
      })
      const document = await server.parts.documents.open({ kind: 'session', sessionId: id })
      await vi.waitFor(() => expect(readItems(document.doc).at(-1)).toMatchObject({ type: 'event', event: 'run_completed' }))
      expect(readLive(document.doc)).toEqual([])
      await document.close()
    }
  })

  test('the document shows what is stored: streaming, queue, approval, run', async () => {
    const { runId } = await send(ada, 'clean up')
    const first = await model.nextRequest()
    first.delta('I will')
    await withDoc((doc) => expect(readLive(doc).map((live) => live.text.toJSON())).toEqual(['I will']))
    const queued = await send(mei, 'and then?', { mode: 'queue' })
    await withDoc((doc) => expect(readQueue(doc)).toMatchObject([{ id: queued.itemId, author: { name: 'Mei' }, text: 'and then?' }]))
    const edited = await ada.json('PATCH', `/api/sessions/${sessionId}/queue/${queued.itemId}`, { text: 'and after that?' })
    expect(edited).toMatchObject({ text: 'and after that?', editedBy: { name: 'Ada' } })
    expect((await mei.fetch(`/api/sessions/${sessionId}/queue/${queued.itemId}`, { method: 'DELETE' })).status).toBe(204)
    expect((await mei.fetch(`/api/sessions/${sessionId}/queue/${queued.itemId}`, { method: 'DELETE' })).status).toBe(409)
    await withDoc((doc) => expect(readQueue(doc)).toEqual([]))
    first.toolCall('run_command', { command: 'ls' }).finish()
    await until(runId, 'waiting')
    await withDoc((doc) => {
      expect(readLastRun(doc)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'approval' }, causedBy: { name: 'Ada' } })
      expect(readLive(doc)).toMatchObject([{ item: { type: 'tool_call', status: 'waiting', args: { command: 'ls' } } }])
      expect(readItems(doc).map((item) => item.type)).toEqual(['message', 'event', 'message', 'approval'])
    })
    const project = await server.parts.documents.open({ kind: 'project', projectId })
    await vi.waitFor(() => expect(readPendingApprovals(project.doc)).toHaveLength(1))
    const [approval] = readPendingApprovals(project.doc)
    await mei.json('POST', `/api/approvals/${approval?.id}/decision`, { decision: 'deny' })
    await vi.waitFor(() => expect(readPendingApprovals(project.doc)).toEqual([]))
    ;(await model.nextRequest()).delta('Fine.').finish()
    await until(runId, 'completed')
    await withDoc((doc) => {
      expect(readLive(doc)).toEqual([])
      const asked = readItems(doc).find((item) => item.type === 'approval')
      expect(asked && readApprovalState(doc, asked.id)).toMatchObject({ status: 'denied', votes: [{ name: 'Mei' }] })
      expect(readLastRun(doc)?.status).toBe('completed')
    })
    await vi.waitFor(() => expect(readSessions(project.doc).find((session) => session.id === sessionId)?.run?.status).toBe('completed'))
    await project.close()
  })

  test('arguments edited before approving are the ones that run', async () => {
    model.queue(calls(['run_command', { command: 'rm -rf /' }]))
    const { runId } = await send(ada, 'clean up')
    await until(runId, 'waiting')
    const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
    const path = `/api/approvals/${approvals[0]?.id}/decision`
    expect((await mei.fetch(path, { method: 'POST', body: { decision: 'approve', args: { command: 7 } } })).status).toBe(400)
    expect((await mei.fetch(path, { method: 'POST', body: { decision: 'approve', scope: 'always' } })).status).toBe(403)
    const decided = await mei.json<Approval>('POST', path, { decision: 'approve', args: { command: 'ls build' } })
    expect(decided).toMatchObject({ status: 'approved', args: { command: 'ls build' }, editedBy: { name: 'Mei' } })
    ;(await model.nextRequest()).delta('Ok.').finish()
    await until(runId, 'completed')
    const { items } = await ada.json<{ items: Item[] }>('GET', `/api/sessions/${sessionId}/items`)
    expect(items.find((item) => item.type === 'tool_call')).toMatchObject({ args: { command: 'ls build' } })
  })

  test('events stream under their names and resume where they were left', async () => {
    const whole = listen(server.url, ada, sessionId)
    await whole.opened
    model.queue(calls(['update_todos', { todos: [{ text: 'a', status: 'pending' }] }]))
    model.queue((reply) => reply.delta('All ').delta('done.').usage(100, 7).finish())
    await send(ada, 'plan')
    await vi.waitFor(() => expect(whole.got.at(-1)?.event).toBe('complete'), { timeout: 20_000 })
    const names = whole.got.map((event) => event.event)
    expect(names.filter((name) => name !== 'text')).toEqual([
      'tool_call_chunk',
      'token_usage',
      'tool_call',
      'tool_call_result',
      'token_usage',
      'complete',
    ])
    const text = (events: typeof whole.got) => events.flatMap((event) => (event.event === 'text' ? [event.data.text] : [])).join('')
    expect(text(whole.got)).toBe('All done.')
    expect(whole.got.at(-2)?.data).toMatchObject({ inputTokens: 110, outputTokens: 12, contextTokens: 100 })
    const half = whole.got.findIndex((event) => event.event === 'tool_call')
    const rest = listen(server.url, mei, sessionId, whole.got[half]?.id)
    await vi.waitFor(() => expect(rest.got.map((event) => event.id)).toEqual(whole.got.slice(half + 1).map((event) => event.id)), { timeout: 20_000 })
    whole.stop()
    rest.stop()
  })

  test('who loses access loses the stream', async () => {
    const project = await makeProject(ada, 'Closed')
    await join(ada, project.id, mei, 'viewer')
    const session = await ada.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, {})
    const stream = listen(server.url, mei, session.id)
    expect((await stream.opened).status).toBe(200)
    expect((await mei.fetch(`/api/sessions/${session.id}/messages`, { method: 'POST', body: { text: 'hi' } })).status).toBe(403)
    await ada.json('DELETE', `/api/projects/${project.id}/members/${mei.id}`)
    await stream.over
  })

  test('a window is bounded and older items page', async () => {
    for (let at = 0; at < 25; at++) await send(ada, `note ${at}`, { to: 'people' })
    const first = await ada.json<{ items: Item[]; nextBefore: number | null }>('GET', `/api/sessions/${sessionId}/items?limit=10`)
    expect(first.items.map((item) => item.seq)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16])
    const second = await ada.json<{ items: Item[]; nextBefore: number | null }>(
      'GET',
      `/api/sessions/${sessionId}/items?limit=20&before=${first.nextBefore}`,
    )
    expect(second.items.map((item) => item.seq)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(second.nextBefore).toBeNull()
  })
})
