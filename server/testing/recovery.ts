import { setTimeout as pause } from 'node:timers/promises'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, changeTodo, readTodos } from '#shared/board/doc.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import type { TestPerson } from './people.ts'

/** Somebody who edits a room again and again, and notes when each edit was said to be durable. */
export async function startRecoveryProbe(url: string, person: TestPerson, projectId: string) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: withHeaders({ cookie: person.cookie, origin: url }),
    delay: 250,
    minDelay: 100,
    maxDelay: 1_000,
  })
  const { provider, doc, heard, synced } = openDocument(socket, `board/${projectId}`, new Y.Doc(), '')
  await synced()
  const id = newId<TodoId>('tdo')
  doc.transact(() => addTodo(doc, { id, text: '0', status: 'pending', assignee: null, createdAt: Date.now() }))
  /** Of each durable edit: when it was made, and when that was said. */
  const durable: { madeAt: number; saidAt: number }[] = []
  let isOver = false
  let marks = 0
  const isHeard = (from: number) => heard.some((message) => message.type === 'marked' && message.mark > from)

  async function work(): Promise<void> {
    for (let count = 1; !isOver; count++) {
      const madeAt = performance.now()
      doc.transact(() => changeTodo(doc, id, { text: String(count) }))
      const from = marks
      while (!isOver && !isHeard(from)) {
        // A mark says something of the edit only when that went before it.
        if (provider.synced && provider.isAuthenticated) provider.sendStateless(JSON.stringify({ type: 'mark', mark: ++marks }))
        for (const late = performance.now() + 250; !isOver && !isHeard(from) && performance.now() < late;) await pause(5)
      }
      if (!isOver) durable.push({ madeAt, saidAt: performance.now() })
      await pause(20)
    }
  }
  const working = work()
  return {
    /** Resolves with the ms from a moment until an edit made after it was durable. */
    async after(fault: number): Promise<number> {
      for (const late = fault + 60_000; performance.now() < late; await pause(5)) {
        const first = durable.find(({ madeAt }) => madeAt > fault)
        if (first) return first.saidAt - fault
      }
      throw new Error(`no edit was durable for a minute; ${provider.synced ? '' : 'not '}synced`)
    },
    /** The longest time that nothing was durable, in ms. */
    longest: () => Math.max(...durable.slice(1).map(({ saidAt }, before) => saidAt - (durable[before]?.saidAt ?? saidAt))),
    /** The number that the last durable edit wrote, and what a document says that it is. */
    last: () => durable.length,
    numberIn: (board: Y.Doc) => Number(readTodos(board).find((todo) => todo.id === id)?.text),
    async stop(): Promise<void> {
      isOver = true
      await working
      provider.destroy()
      socket.destroy()
    },
  }
}
