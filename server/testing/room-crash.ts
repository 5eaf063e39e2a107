import { setTimeout as wait } from 'node:timers/promises'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId, TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, changeTodo, readTodos } from '#shared/board/doc.ts'
import { finalRunStatuses, type Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { MessageMode, SessionSummary } from '#shared/sessions/schema.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import type { TestPerson } from './people.ts'

/** What people were told is done. Nothing of it may be lost afterwards. */
export type Ledger = {
  /** The newest text of a todo that was marked as saved; texts count upwards. */
  todos: Map<TodoId, number>
  /** Words in the file, each marked as saved. */
  words: Set<string>
  /** Messages that were answered with 202, and the session of each. */
  messages: Map<ItemId, string>
  /** Messages that were sent and not answered: their senders will send them again. */
  unanswered: Map<ItemId, { sessionId: string; by: TestPerson; body: Record<string, unknown> }>
  decisions: Map<string, 'approved' | 'denied'>
  answers: Map<ItemId, string>
  /** Answers of the server that are nobody's fault but its own. */
  faults: string[]
}

export const emptyLedger = (): Ledger => ({
  todos: new Map(),
  words: new Set(),
  messages: new Map(),
  unanswered: new Map(),
  decisions: new Map(),
  answers: new Map(),
  faults: [],
})

/** Resolves after a while, or at once when the time is over. */
const pause = (ms: number, over: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (over.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      over.removeEventListener('abort', done)
      resolve()
    }
    over.addEventListener('abort', done)
  })

const ended = (over: AbortSignal) =>
  new Promise<'over'>((resolve) => {
    if (over.aborted) resolve('over')
    else over.addEventListener('abort', () => resolve('over'), { once: true })
  })

/** A browser tab with the board and a file. Its documents are new: they hold what the server has and nothing else. */
export async function openTab(url: string, person: TestPerson, projectId: string) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: withHeaders({ cookie: person.cookie, origin: url }),
  })
  const board = openDocument(socket, `board/${projectId}`, new Y.Doc(), '')
  const file = openDocument(socket, `file/${projectId}/story.md`, new Y.Doc(), '')
  await Promise.all([board.synced(), file.synced()])
  return {
    board,
    file,
    close() {
      board.provider.destroy()
      file.provider.destroy()
      socket.destroy()
    },
  }
}
type Tab = Awaited<ReturnType<typeof openTab>>

/** Types into both documents until the time is over; notes what was marked as saved. */
export async function edit({ board, file }: Tab, person: TestPerson, ledger: Ledger, over: AbortSignal): Promise<void> {
  const id = newId<TodoId>('tdo')
  board.doc.transact(() => addTodo(board.doc, { id, text: '0', status: 'pending', assignee: null, createdAt: Date.now() }))
  for (let count = 1; !over.aborted; count++) {
    const word = `${person.name}-${id.slice(-12)}-${count}`
    // One update: between its two halves the text would be empty, and a crash may come there.
    board.doc.transact(() => changeTodo(board.doc, id, { text: String(count) }))
    const text = file.doc.getText('content')
    text.insert(Math.floor(Math.random() * 2) * text.length, `\n${word}\n`)
    const saved = Promise.all([board.marked().then(() => void ledger.todos.set(id, count)), file.marked().then(() => void ledger.words.add(word))])
    saved.catch(() => undefined)
    if ((await Promise.race([saved, ended(over)])) === 'over') return
    await pause(Math.random() * 30, over)
  }
}

/** What of the saved edits a new tab does not see. */
export function lostEdits({ board, file }: Tab, ledger: Ledger): string[] {
  const words = new Set(file.doc.getText('content').toJSON().split('\n'))
  const texts = new Map(readTodos(board.doc).map((todo) => [todo.id, Number(todo.text)]))
  const textOf = (id: TodoId) => texts.get(id) ?? -1
  return [
    ...[...ledger.words].filter((word) => !words.has(word)),
    ...[...ledger.todos].filter(([id, count]) => !(textOf(id) >= count)).map(([id, count]) => `${id} ${count}, is ${textOf(id)}`),
  ]
}

/** The answer, or undefined when there is no server to give one. */
async function ask(ledger: Ledger, person: TestPerson, path: string, body?: unknown): Promise<{ status: number; json: unknown } | undefined> {
  try {
    const answer = await person.fetch(path, body === undefined ? {} : { method: 'POST', body })
    const text = await answer.text()
    // To be asked again: the room moves.
    if (answer.status === 503) return undefined
    if (answer.status >= 500) ledger.faults.push(`${answer.status} ${path}: ${text}`)
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) }
  } catch {
    return undefined
  }
}

async function sendMessage(ledger: Ledger, id: ItemId): Promise<void> {
  const message = ledger.unanswered.get(id)
  if (!message) return
  const answer = await ask(ledger, message.by, `/api/sessions/${message.sessionId}/messages`, message.body)
  if (!answer) return
  ledger.unanswered.delete(id)
  if (answer.status === 202) ledger.messages.set(id, message.sessionId)
  else if (answer.status !== 429) ledger.faults.push(`${answer.status} to a message: ${JSON.stringify(answer.json)}`)
}

const modes: MessageMode[] = ['queue', 'steer', 'interrupt']

/** Sends messages of every kind, with ids of their own. */
export async function talk(person: TestPerson, sessionId: string, ledger: Ledger, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const id = newId<ItemId>('itm')
    const mode = modes[Math.floor(Math.random() * modes.length)]
    const to = Math.random() < 0.2 ? 'people' : 'agent'
    ledger.unanswered.set(id, { sessionId, by: person, body: { id, text: `${person.name} says ${id}`, mode, to } })
    await sendMessage(ledger, id)
    await pause(100 + Math.random() * 500, over)
  }
}

/** As a browser does that came back: what was not answered goes again, under the same id. */
export async function sendAgain(ledger: Ledger): Promise<number> {
  const again = [...ledger.unanswered.keys()]
  for (const id of again) await sendMessage(ledger, id)
  return again.length
}

/** Decides and answers whatever the room waits for, once. */
export async function decideAll(person: TestPerson, projectId: string, sessionId: string, ledger: Ledger): Promise<void> {
  const found = await ask(ledger, person, `/api/approvals?projectId=${projectId}&status=pending`)
  for (const { id } of (found?.json as { approvals: Approval[] } | undefined)?.approvals ?? []) {
    const decision = Math.random() < 0.75 ? 'approve' : 'deny'
    const answer = await ask(ledger, person, `/api/approvals/${id}/decision`, { decision })
    if (answer?.status !== 200) continue
    if (ledger.decisions.has(id)) ledger.faults.push(`${id} was decided twice`)
    ledger.decisions.set(id, decision === 'approve' ? 'approved' : 'denied')
  }
  const page = await ask(ledger, person, `/api/sessions/${sessionId}/items?limit=50`)
  for (const item of (page?.json as { items: Item[] } | undefined)?.items ?? []) {
    if (item.type !== 'question' || item.status !== 'open') continue
    const text = `${person.name} ${Math.random()}`
    const answers = item.questions.map((question) => ({ id: question.id, text }))
    const answer = await ask(ledger, person, `/api/sessions/${sessionId}/questions/${item.id}/answer`, { answers })
    if (answer?.status === 204) ledger.answers.set(item.id, text)
  }
}

export async function decide(person: TestPerson, projectId: string, sessionId: string, ledger: Ledger, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await decideAll(person, projectId, sessionId, ledger)
    await pause(20 + Math.random() * 80, over)
  }
}

/** All items of a session, oldest first. */
export async function allItems(person: TestPerson, sessionId: string): Promise<Item[]> {
  const items: Item[] = []
  for (let before: number | null = null; ;) {
    const query: string = before === null ? '' : `&before=${before}`
    const page: { items: Item[]; nextBefore: number | null } = await person.json('GET', `/api/sessions/${sessionId}/items?limit=200${query}`)
    items.push(...page.items)
    before = page.nextBefore
    if (before === null) return items.reverse()
  }
}

/** Decides until every run of the session has ended and everything that was accepted was read. */
export async function settled(by: TestPerson, projectId: string, sessionId: string, ledger: Ledger, output: () => string): Promise<void> {
  const accepted = [...ledger.messages].filter(([, session]) => session === sessionId).map(([id]) => id)
  const until = Date.now() + 60_000
  for (;;) {
    await decideAll(by, projectId, sessionId, ledger)
    const { run } = await by.json<SessionSummary>('GET', `/api/sessions/${sessionId}`)
    if (!run || finalRunStatuses.includes(run.status)) {
      const held = new Set((await allItems(by, sessionId)).map((item) => item.id))
      if (accepted.every((id) => held.has(id))) return
    }
    if (Date.now() > until) {
      const state = run && (await by.json<Run>('GET', `/api/runs/${run.id}`))
      throw new Error(`the session did not come to an end: ${JSON.stringify(state)}\n${output().slice(-3000)}`)
    }
    await wait(30)
  }
}
