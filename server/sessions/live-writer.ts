import type { ItemId, SessionId } from '#shared/base/ids.ts'
import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Documents, OpenDocument } from '../sync/port.ts'
import type { SessionEvents } from './events.ts'
import { createFramePace } from './frame-pace.ts'
import { beginLive, dropLive, growLive, liveTexts } from './projection.ts'

type Change =
  | { kind: 'begin'; item: Item }
  | { kind: 'grow'; id: ItemId; field: 'text' | 'reasoning' | 'args'; text: string; event?: SessionEvent }
  | { kind: 'drop'; id: ItemId }
  | { kind: 'event'; event: SessionEvent }

export type LiveWriter = ReturnType<typeof createLiveWriter>

/**
 * Writes a run's live items, coalesced: one transaction per frame, and the first delta after a silence at once. Takes changes at once, also
 * while the document is still being opened. `close` before the run is left, so that the document may unload.
 */
export function createLiveWriter({
  documents,
  events,
  sessionId,
  onError,
}: {
  documents: Documents
  events: SessionEvents
  sessionId: SessionId
  onError(error: unknown): void
}) {
  let pending: Change[] = []
  let opened: OpenDocument | undefined
  let timer: NodeJS.Timeout | undefined
  let flushedAt = 0
  const pace = createFramePace()
  let soon = false
  let closed = false
  let failed = false
  const opening = documents.open({ kind: 'session', sessionId }).then(
    (document) => {
      opened = document
      flush()
    },
    (error: unknown) => {
      // Readers of events still get theirs; the finished item comes from whoever streams.
      failed = true
      onError(error)
      flush()
    },
  )

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (pending.length === 0 || (!opened && !failed)) return
    const changes = merge(pending)
    pending = []
    flushedAt = performance.now()
    try {
      opened?.transact((doc) => {
        for (const change of changes) {
          if (change.kind === 'begin') beginLive(doc, change.item)
          else if (change.kind === 'grow') growLive(doc, change.id, change.field, change.text)
          else if (change.kind === 'drop') dropLive(doc, change.id)
        }
      })
    } catch (error) {
      onError(error)
    }
    for (const change of changes) {
      if (change.kind === 'grow' && change.event) events.emit(sessionId, change.event)
      else if (change.kind === 'event') events.emit(sessionId, change.event)
      else if (change.kind === 'drop') events.forget(sessionId, change.id)
    }
    // After the documents have sent it, which they do at the end of this turn.
    const from = flushedAt
    setImmediate(() => pace.took(performance.now() - from))
  }

  function add(change: Change): void {
    if (closed) return
    pending.push(change)
    const wait = pace.frameMs(opened?.readers ?? 0) - (performance.now() - flushedAt)
    // At once, but with all that happens in this turn: an item begins together with its first words.
    if (wait > 0) timer ??= setTimeout(flush, wait)
    else if (!soon) {
      soon = true
      queueMicrotask(() => {
        soon = false
        flush()
      })
    }
  }

  return {
    /** Begins a live item, or replaces its JSON. */
    begin: (item: Item) => add({ kind: 'begin', item }),
    /** `event.text` or `event.chunk` is the same text, for the readers of events. */
    grow: (id: ItemId, field: 'text' | 'reasoning' | 'args', text: string, event?: SessionEvent) =>
      add({ kind: 'grow', id, field, text, ...(event && { event }) }),
    drop: (id: ItemId) => add({ kind: 'drop', id }),
    emit: (event: SessionEvent) => add({ kind: 'event', event }),
    flush,
    /** Everything written so far, as the document holds it. */
    async texts(id: ItemId): Promise<{ text: string; reasoning: string }> {
      await opening
      flush()
      return opened ? liveTexts(opened.doc, id) : { text: '', reasoning: '' }
    },
    ready: opening,
    async close(): Promise<void> {
      if (closed) return
      await opening
      flush()
      closed = true
      clearTimeout(timer)
      await opened?.close()
    },
  }
}

/** Joins what grows the same text in a row, so that a frame costs one insert a text. */
function merge(changes: readonly Change[]): Change[] {
  const merged: Change[] = []
  for (const change of changes) {
    const last = merged.at(-1)
    if (change.kind === 'grow' && last?.kind === 'grow' && last.id === change.id && last.field === change.field) {
      const event = joinEvents(last.event, change.event)
      if (event !== 'apart') {
        merged[merged.length - 1] = { ...last, text: last.text + change.text, ...(event && { event }) }
        continue
      }
    }
    merged.push(change)
  }
  return merged
}

function joinEvents(a: SessionEvent | undefined, b: SessionEvent | undefined): SessionEvent | undefined | 'apart' {
  if (!a && !b) return undefined
  if (a?.type === 'text' && b?.type === 'text') return { ...a, text: a.text + b.text }
  if (a?.type === 'tool_call_chunk' && b?.type === 'tool_call_chunk') return { ...a, chunk: a.chunk + b.chunk }
  return 'apart'
}
