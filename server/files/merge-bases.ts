import { asc, eq, and, lt } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { hashOf } from './disk.ts'
import { fileTexts } from './table.ts'
import { applyEdits, diffText, type TextEdit } from '../base/text-edits.ts'

/** A text that the document and the disk have, or may have had, in common. `n` grows. */
export type MergeBase = { n: number; text: string; hash: string; from: 'document' | 'disk' }

/** Kept of one file: the newest, each as what differs from the one before, with a whole one now and then. */
const wholeEvery = 50

/** The common texts of one file, durable. */
export type MergeBases = {
  /** Oldest first. */
  read(): Promise<MergeBase[]>
  /** Durable when it resolves. */
  add(text: string, from: MergeBase['from']): Promise<MergeBase>
  /** It never came to the disk: the one before it is the newest again. */
  drop(added: MergeBase): Promise<void>
  /** Nothing is uncertain any more: only this one is left. */
  settle(text: string): Promise<void>
}

export function createMergeBases(deps: { database: Database; clock: Clock; document: string; projectId: ProjectId }): MergeBases {
  const { document, projectId } = deps
  const { db } = deps.database
  let last: MergeBase | undefined
  let before: MergeBase | undefined
  let sinceWhole = Number.POSITIVE_INFINITY
  let lastWhole: number | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function read(): Promise<MergeBase[]> {
    const rows = await db.select().from(fileTexts).where(eq(fileTexts.document, document)).orderBy(asc(fileTexts.n))
    const found: MergeBase[] = []
    sinceWhole = Number.POSITIVE_INFINITY
    lastWhole = undefined
    for (const { n, from, whole, data } of rows) {
      const json = new TextDecoder('utf-8', { ignoreBOM: true }).decode(data)
      const previous = found.at(-1)
      // What precedes the oldest whole one has been thinned out.
      if (!whole && !previous) continue
      const text = whole ? json : applyEdits(previous?.text ?? '', JSON.parse(json) as TextEdit[])
      found.push({ n, text, from, hash: hashOf(text) })
      sinceWhole = whole ? 0 : sinceWhole + 1
      if (whole) lastWhole = n
    }
    last = found.at(-1)
    return found
  }

  async function add(text: string, from: MergeBase['from']): Promise<MergeBase> {
    const edits = last && sinceWhole < wholeEvery ? JSON.stringify(diffText(last.text, text)) : undefined
    const whole = edits === undefined || edits.length > text.length + 1_000
    const made: MergeBase = { n: (last?.n ?? 0) + 1, text, from, hash: hashOf(text) }
    const data = new TextEncoder().encode(whole ? text : edits)
    await db.insert(fileTexts).values({ document, n: made.n, projectId, from, whole, data, at: deps.clock.now() })
    before = last
    last = made
    sinceWhole = whole ? 0 : sinceWhole + 1
    if (!whole) return made
    // What precedes the whole one before this is not needed to read that one and what came after it.
    if (lastWhole !== undefined) await db.delete(fileTexts).where(and(eq(fileTexts.document, document), lt(fileTexts.n, lastWhole)))
    lastWhole = made.n
    return made
  }

  async function drop(added: MergeBase): Promise<void> {
    if (last !== added) return
    await db.delete(fileTexts).where(and(eq(fileTexts.document, document), eq(fileTexts.n, added.n)))
    last = before
    before = undefined
    if (lastWhole === added.n) lastWhole = undefined
    // What follows may not build on what is gone.
    sinceWhole = Number.POSITIVE_INFINITY
  }

  async function settle(text: string): Promise<void> {
    if (!last || last.text !== text) return
    sinceWhole = Number.POSITIVE_INFINITY
    // The document has it, wherever it came from.
    const { n } = await add(text, 'document')
    await db.delete(fileTexts).where(and(eq(fileTexts.document, document), lt(fileTexts.n, n)))
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  return {
    read,
    add: (text, from) => inTurn(() => add(text, from)),
    drop: (added) => inTurn(() => drop(added)),
    settle: (text) => inTurn(() => settle(text)),
  }
}
