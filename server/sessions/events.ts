import { randomBytes } from 'node:crypto'
import type { SessionId } from '#shared/base/ids.ts'
import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'
import { deriveEvents, type OpenItem } from './derive-events.ts'
import { formatCursor, parseCursor } from './event-cursor.ts'
import { createEventRing, type EventRing } from './event-ring.ts'
import { eventsOf } from './item-events.ts'

/** An event with the id that resumes after it. */
export type SentEvent = { id: string; event: SessionEvent }
type Listener = (sent: SentEvent) => void

type Stream = {
  /** Items up to here have had their events; undefined until known. */
  seq: number | undefined
  /** `seq` when it became known through the first stored item. */
  firstSeq: number | undefined
  open: Map<string, OpenItem>
  ring: EventRing
  listeners: Set<Listener>
}

const idleStreams = 200

export type SessionEvents = ReturnType<typeof createSessionEvents>

/**
 * The live events of sessions, and their resumption. A bounded ring of recent events a session serves a reader that was
 * away for a moment; beyond it, and after a restart, events are derived from stored items: the text of a finished message
 * as one `text`, less what the reader had. `tool_call_chunk` and `token_usage` are not derived: they are of the moment.
 */
export function createSessionEvents(deps: {
  /** Stored items, oldest first: after < seq <= upTo. */
  itemsBetween(sessionId: SessionId, after: number, upTo: number, limit: number): Promise<Item[]>
  lastSeq(sessionId: SessionId): Promise<number>
}) {
  const boot = randomBytes(6).toString('hex')
  const streams = new Map<SessionId, Stream>()
  let counter = 0

  function streamOf(sessionId: SessionId): Stream {
    let stream = streams.get(sessionId)
    if (!stream) {
      stream = { seq: undefined, firstSeq: undefined, open: new Map(), ring: createEventRing(counter), listeners: new Set() }
      streams.set(sessionId, stream)
      forgetIdle()
    }
    return stream
  }

  function forgetIdle(): void {
    for (const [id, stream] of streams) {
      if (streams.size <= idleStreams) return
      if (stream.listeners.size === 0 && stream.open.size === 0) streams.delete(id)
    }
  }

  const lengths = (stream: Stream) => new Map([...stream.open].map(([id, open]) => [id, open.text.length]))

  function send(stream: Stream, event: SessionEvent): void {
    counter += 1
    const sent = { id: formatCursor({ boot, n: counter, seq: stream.seq ?? 0, open: lengths(stream) }), event }
    stream.ring.add(counter, sent)
    for (const listener of stream.listeners) listener(sent)
  }

  /** Something that happens now and is not stored yet. */
  function emit(sessionId: SessionId, event: SessionEvent): void {
    const stream = streamOf(sessionId)
    if (event.type === 'text') {
      const text = (stream.open.get(event.itemId)?.text ?? '') + event.text
      stream.open.set(event.itemId, { event, text })
    } else if (event.type === 'tool_call') {
      if (stream.open.has(event.itemId)) return
      stream.open.set(event.itemId, { event, text: '' })
    }
    send(stream, event)
  }

  /** Items that were committed, in order and without gaps. Items already known are passed over. */
  function stored(sessionId: SessionId, items: readonly Item[]): void {
    const stream = streamOf(sessionId)
    for (const item of items) {
      if (stream.seq === undefined) stream.seq = stream.firstSeq = item.seq - 1
      if (item.seq <= stream.seq) continue
      const events = eventsOf(item, stream.open.get(item.id)?.text.length)
      for (const [index, event] of events.entries()) {
        const last = index === events.length - 1
        if (last) {
          stream.seq = item.seq
          stream.open.delete(item.id)
        } else if (event.type === 'tool_call') stream.open.set(item.id, { event, text: '' })
        send(stream, event)
      }
      stream.seq = item.seq
      stream.open.delete(item.id)
    }
  }

  /** The newest seq whose events were sent; undefined before anything happened here. */
  const seqOf = (sessionId: SessionId) => streams.get(sessionId)?.seq

  /** An item that was begun will never be stored. */
  const forget = (sessionId: SessionId, itemId: string) => void streams.get(sessionId)?.open.delete(itemId)

  /**
   * Sends what came after `lastEventId`, then what comes. Without one, new events only.
   * @returns stops sending
   */
  async function subscribe(sessionId: SessionId, lastEventId: string | null | undefined, listener: Listener): Promise<() => void> {
    const stream = streamOf(sessionId)
    const cursor = parseCursor(lastEventId)
    const stop = () => {
      stream.listeners.delete(listener)
      stream.listeners.delete(hold)
    }
    const held: SentEvent[] = []
    const hold: Listener = (sent) => held.push(sent)

    if (!cursor || (cursor.boot === boot && stream.ring.reaches(cursor.n) && cursor.n > 0)) {
      if (cursor) for (const sent of stream.ring.after(cursor.n)) listener(sent)
      stream.listeners.add(listener)
      return stop
    }
    stream.listeners.add(hold)
    const open = new Map(stream.open)
    try {
      const known = stream.seq
      const queried = known ?? (await deps.lastSeq(sessionId))
      const upTo = known ?? stream.firstSeq ?? queried
      stream.seq ??= upTo
      const reader = { seq: cursor.seq, had: new Map(cursor.open) }
      const itemsAfter = async (seq: number) => (seq < upTo ? deps.itemsBetween(sessionId, seq, upTo, 200) : [])
      await deriveEvents(reader, itemsAfter, open, (event) =>
        listener({ id: formatCursor({ boot, n: 0, seq: reader.seq, open: reader.had }), event }),
      )
    } catch (error) {
      stop()
      throw error
    }
    stream.listeners.delete(hold)
    for (const sent of held) listener(sent)
    stream.listeners.add(listener)
    return stop
  }

  return { emit, stored, seqOf, forget, subscribe }
}
