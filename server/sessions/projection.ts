import * as Y from 'yjs'
import type { RunId } from '#shared/base/ids.ts'
import { finalRunStatuses } from '#shared/runs/schema.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { sessionItems, sessionLimits, sessionLive, sessionMeta, sessionQueue, sessionStates } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import { growText } from '../base/grow-text.ts'
import { presentItem } from '../tools/present.ts'

/*
 * The only writer of `session/<id>`. Every function changes the document in place and belongs inside one transaction.
 * Postgres has committed what is written here; each function may be called again with the same values.
 */

/** JSON characters of the items that the window holds, so that a few huge items cannot make joining slow. */
const windowChars = 2_000_000
/** How many runs keep their state. */
const keptRuns = 100

const sizes = new WeakMap<object, number>()
const sizeOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  const known = sizes.get(value)
  if (known !== undefined) return known
  const size = JSON.stringify(value).length
  sizes.set(value, size)
  return size
}

const seqOf = (value: unknown) => (value as { seq: number }).seq
const idOf = (value: unknown) => (value as { id: string }).id

/** The seq of the newest item held; 0 for none. */
export function lastSeqOf(doc: Y.Doc): number {
  const held = sessionItems(doc)
  return held.length === 0 ? 0 : seqOf(held.get(held.length - 1))
}

/** Appends finished items that are newer than the window's last, and takes them out of `live`. */
export function pushItems(doc: Y.Doc, added: readonly Item[]): void {
  const last = lastSeqOf(doc)
  const fresh = added.filter((item) => item.seq > last)
  const live = sessionLive(doc)
  for (const item of added) if (live.has(item.id)) live.delete(item.id)
  if (fresh.length === 0) return
  sessionItems(doc).push(fresh.slice(-sessionLimits.items))
  trimWindow(doc)
}

function trimWindow(doc: Y.Doc): void {
  const held = sessionItems(doc)
  const all = held.toArray()
  let drop = Math.max(0, all.length - sessionLimits.items)
  let total = 0
  for (let at = all.length - 1; at >= drop; at--) {
    total += sizeOf(all[at])
    if (total > windowChars && at < all.length - 1) drop = at + 1
  }
  if (drop > 0) {
    const states = sessionStates(doc)
    for (const item of all.slice(0, drop)) if (states.has(idOf(item))) states.delete(idOf(item))
    held.delete(0, drop)
  }
  const first = all[drop]
  if (first && sessionMeta(doc).get('firstSeq') !== seqOf(first)) sessionMeta(doc).set('firstSeq', seqOf(first))
}

/** State of an approval's or a question's item. Kept only while its item is in the window or it is pending. */
export function setItemState(doc: Y.Doc, id: string, state: unknown): void {
  sessionStates(doc).set(id, state)
}

export function setRun(doc: Y.Doc, run: RunState): void {
  const states = sessionStates(doc)
  states.set(run.id, run)
  if (sessionMeta(doc).get('run') === run.id) return
  const newest = states.get(String(sessionMeta(doc).get('run'))) as RunState | undefined
  // A late word about an older run does not make it the newest.
  if (newest && newest.createdAt > run.createdAt) return
  sessionMeta(doc).set('run', run.id)
  const ended = [...states.keys()].filter((id) => id.startsWith('run_') && isEnded(states.get(id))).sort()
  for (const id of ended.slice(0, Math.max(0, ended.length - keptRuns))) if (id !== run.id) states.delete(id)
}

const isEnded = (state: unknown) => finalRunStatuses.includes((state as RunState).status)

/** Runs that go on, as far as the document knows. */
export const activeRunsIn = (doc: Y.Doc): RunId[] =>
  [...sessionStates(doc).entries()].flatMap(([id, state]) => (id.startsWith('run_') && !isEnded(state) ? [id as RunId] : []))

export function setQueue(doc: Y.Doc, queue: readonly QueuedMessage[]): void {
  const held = sessionQueue(doc)
  const wanted = queue.slice(0, sessionLimits.queue)
  if (JSON.stringify(held.toArray()) === JSON.stringify(wanted)) return
  if (held.length > 0) held.delete(0, held.length)
  held.push([...wanted])
}

type LiveText = 'text' | 'reasoning' | 'args'

/** Begins an item that will grow. `item` is its JSON with empty text and seq 0. */
export function beginLive(doc: Y.Doc, item: Item): Y.Map<unknown> {
  const known = sessionLive(doc).get(item.id)
  if (known) {
    if (JSON.stringify(known.get('item')) !== JSON.stringify(item)) known.set('item', item)
    return known
  }
  const entry = new Y.Map<unknown>()
  entry.set('item', item)
  entry.set('text', new Y.Text())
  return sessionLive(doc).set(item.id, entry)
}

/** Appends to a live item's text; nothing happens when it is no longer live. */
export function growLive(doc: Y.Doc, id: string, field: LiveText, text: string): void {
  const entry = sessionLive(doc).get(id)
  if (!entry) return
  let grown = entry.get(field)
  if (!(grown instanceof Y.Text)) grown = entry.set(field, new Y.Text())
  growText(grown as Y.Text, text)
}

export function dropLive(doc: Y.Doc, id: string): void {
  if (sessionLive(doc).has(id)) sessionLive(doc).delete(id)
}

/** Drops a run's live items but these. */
export function dropLiveOf(doc: Y.Doc, runId: string, kept: ReadonlySet<string>): void {
  const live = sessionLive(doc)
  for (const [id, entry] of live.entries()) {
    const item = entry.get('item') as { runId?: string } | undefined
    if (item?.runId === runId && !kept.has(id)) live.delete(id)
  }
}

/** What a live item holds so far, as it is to be kept when it is cut off. */
export function liveTexts(doc: Y.Doc, id: string): { text: string; reasoning: string } {
  const entry = sessionLive(doc).get(id)
  const read = (field: LiveText) => {
    const value = entry?.get(field)
    return value instanceof Y.Text ? value.toJSON() : ''
  }
  return { text: read('text'), reasoning: read('reasoning') }
}

/** What Postgres knows of a session, for leveling. */
export type SessionTruth = {
  /** The newest items of the window, oldest first. */
  items: Item[]
  /** Those that have not ended, those that the document took for such, and the newest one. */
  runs: RunState[]
  queue: QueuedMessage[]
  /** The JSON of items whose steps are open. */
  open: Item[]
  /** States of approvals and questions of the window or pending. */
  states: Record<string, unknown>
}

/** Brings a document that was just loaded level with Postgres. A document that is level already is not changed. */
export function level(doc: Y.Doc, truth: SessionTruth): void {
  const held = sessionItems(doc)
  const newest = truth.items.at(-1)?.seq ?? 0
  const last = lastSeqOf(doc)
  const gap = truth.items.length > 0 && last > 0 && seqOf(truth.items[0]) > last + 1
  // Ahead of Postgres (a database restored from a backup) or too far behind, or from before calls said how they are shown: the window is written anew.
  if (last > newest || gap || !held.toArray().every(saysHow)) held.delete(0, held.length)
  pushItems(doc, truth.items)

  const live = sessionLive(doc)
  const open = new Set(truth.open.map((item) => item.id as string))
  for (const id of live.keys()) if (!open.has(id)) live.delete(id)
  for (const item of truth.open) {
    const known = live.get(item.id)
    if (!known || !saysHow(known.get('item'))) beginLive(doc, item)
  }

  setQueue(doc, truth.queue)
  const states = sessionStates(doc)
  for (const [id, state] of Object.entries(truth.states)) {
    if (JSON.stringify(states.get(id)) !== JSON.stringify(state)) states.set(id, state)
  }
  pruneStates(doc, truth)
  for (const run of truth.runs.toSorted((a, b) => a.createdAt - b.createdAt)) levelRun(doc, run)
}

function levelRun(doc: Y.Doc, run: RunState): void {
  const known = sessionStates(doc).get(run.id) as RunState | undefined
  // `activity` is known only to the process that executes the run.
  const same = known && JSON.stringify({ ...known, activity: null }) === JSON.stringify({ ...run, activity: null })
  const newest = sessionStates(doc).get(String(sessionMeta(doc).get('run'))) as RunState | undefined
  if (!same || (isEnded(run) && known.activity !== null) || !newest || newest.createdAt < run.createdAt) setRun(doc, run)
}

/** Whether nothing is missing that tells how an item is shown. */
const saysHow = (item: unknown) => presentItem(item as Item) === item

function pruneStates(doc: Y.Doc, truth: SessionTruth): void {
  const states = sessionStates(doc)
  if (states.size <= sessionLimits.states - keptRuns) return
  const kept = new Set([...sessionItems(doc).toArray().map(idOf), ...Object.keys(truth.states)])
  for (const id of states.keys()) if (!id.startsWith('run_') && !kept.has(id)) states.delete(id)
}
