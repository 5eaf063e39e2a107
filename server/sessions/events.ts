import { randomBytes } from 'node:crypto'
import type { SessionId } from '#shared/base/ids.ts'
import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'
import { formatCursor, parseCursor } from './event-cursor.ts'

/** An event with the id that resumes after it. */
export type SentEvent = { id: string; event: SessionEvent }
type Listener = (sent: SentEvent) => void

/** What is begun and not stored: text as far as it was sent, or a call that was announced. */
type Open = { event: Extract<SessionEvent, { type: 'text' | 'tool_call' }>; text: string }

type Stream = {
  /** Items up to here have had their events; undefined until known. */
  seq: number | undefined
  /** `seq` when it became known through the first stored item. */
  firstSeq: number | undefined
  open: Map<string, Open>
  ring: { n: number; sent: SentEvent; size: number }[]
  ringSize: number
  /** Events up to this number have left the ring. */
  dropped: number
  listeners: Set<Listener>
}

const ringEvents = 2000
const ringChars = 1_000_000
const idleStreams = 200

/** The events of finished items. `sent` is how much of the item's text went out before, undefined for none. */
export function eventsOf(item: Item, sent: number | undefined): SessionEvent[] {
  const runId = item.runId
  if (!runId) return []
  if (item.type === 'message' && item.author.kind === 'agent') {
    const rest = item.text.slice(sent ?? 0)
    return rest === '' ? [] : [{ type: 'text', runId, itemId: item.id, agentId: item.author.id, text: rest }]
  }
  if (item.type === 'tool_call') {
    const { id: itemId, name, stepId, args, status, result, error } = item
    const ended = status === 'ok' || status === 'failed' || status === 'denied' ? status : 'cancelled'
    return [
      ...(sent === undefined ? [{ type: 'tool_call' as const, runId, itemId, stepId, name, args }] : []),
      { type: 'tool_call_result', runId, itemId, name, status: ended, ...(result !== undefined && { result }), ...(error && { error }) },
    ]
  }
  if (item.type !== 'event') return []
  if (item.event === 'run_completed') return [{ type: 'complete', runId, status: 'completed' }]
  if (item.event === 'run_cancelled') return [{ type: 'complete', runId, status: 'cancelled' }]
  if (item.event === 'run_failed') return [{ type: 'error', runId, error: item.error ?? { code: 'internal', message: item.text } }]
  return []
}

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
      stream = { seq: undefined, firstSeq: undefined, open: new Map(), ring: [], ringSize: 0, dropped: counter, listeners: new Set() }
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
    const size = JSON.stringify(event).length
    stream.ring.push({ n: counter, sent, size })
    stream.ringSize += size
    while (stream.ring.length > ringEvents || (stream.ringSize > ringChars && stream.ring.length > 1)) {
      const gone = stream.ring.shift()
      if (!gone) break
      stream.ringSize -= gone.size
      stream.dropped = gone.n
    }
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

    if (!cursor || (cursor.boot === boot && cursor.n >= stream.dropped && cursor.n > 0)) {
      if (cursor) for (const { n, sent } of stream.ring) if (n > cursor.n) listener(sent)
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
      await derive(sessionId, cursor.seq, upTo, new Map(cursor.open), open, listener)
    } catch (error) {
      stop()
      throw error
    }
    stream.listeners.delete(hold)
    for (const sent of held) listener(sent)
    stream.listeners.add(listener)
    return stop
  }

  async function derive(
    sessionId: SessionId,
    after: number,
    upTo: number,
    had: Map<string, number>,
    open: ReadonlyMap<string, Open>,
    listener: Listener,
  ): Promise<void> {
    let seq = after
    const give = (event: SessionEvent) => listener({ id: formatCursor({ boot, n: 0, seq, open: had }), event })
    while (seq < upTo) {
      const page = await deps.itemsBetween(sessionId, seq, upTo, 200)
      if (page.length === 0) break
      for (const item of page) {
        const events = eventsOf(item, had.get(item.id))
        for (const [index, event] of events.entries()) {
          if (index === events.length - 1) {
            seq = item.seq
            had.delete(item.id)
          } else had.set(item.id, 0)
          give(event)
        }
        seq = item.seq
        had.delete(item.id)
      }
    }
    for (const [id, { event, text }] of open) {
      const before = had.get(id)
      had.set(id, text.length)
      if (event.type === 'text' && text.length > (before ?? 0)) give({ ...event, text: text.slice(before ?? 0) })
      if (event.type === 'tool_call' && before === undefined) give(event)
    }
  }

  return { emit, stored, seqOf, forget, subscribe }
}
