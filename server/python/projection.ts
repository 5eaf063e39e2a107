import { isDeepStrictEqual } from 'node:util'
import * as Y from 'yjs'
import type { Cell, CellOutput } from '#shared/python/schema.ts'
import { pythonCells, pythonContexts, pythonLimits, pythonLive } from '#shared/python/doc.ts'
import type { ShownContext } from '#shared/python/doc.ts'
import { growText } from '../base/grow-text.ts'

/** Shows a cell that waits or runs; what it had put out stays. */
export function showLive(doc: Y.Doc, { outputs: _, ...cell }: Cell): void {
  const live = pythonLive(doc)
  const known = live.get(cell.id)
  const shown = { ...cell, outputs: [] }
  if (known) known.set('cell', shown)
  else {
    const entry = new Y.Map<unknown>()
    entry.set('cell', shown)
    entry.set('outputs', new Y.Array())
    live.set(cell.id, entry)
  }
}

const outputsOf = (doc: Y.Doc, id: string) => {
  const outputs = pythonLive(doc).get(id)?.get('outputs')
  return outputs instanceof Y.Array ? (outputs as Y.Array<unknown>) : undefined
}

/** Text goes to the stream it came from while nothing else came between. */
export function growStream(doc: Y.Doc, id: string, name: 'stdout' | 'stderr', text: string): void {
  const outputs = outputsOf(doc, id)
  if (!outputs) return
  const last = outputs.length > 0 ? outputs.get(outputs.length - 1) : undefined
  const open = last instanceof Y.Map && last.get('name') === name ? last.get('text') : undefined
  if (open instanceof Y.Text) growText(open, text)
  else {
    const entry = new Y.Map<unknown>()
    entry.set('name', name)
    entry.set('text', new Y.Text(text))
    outputs.push([entry])
  }
}

export const addOutput = (doc: Y.Doc, id: string, output: CellOutput): void => outputsOf(doc, id)?.push([output])

/** A finished cell takes its place in the window. */
export function showFinished(doc: Y.Doc, cell: Cell): void {
  const live = pythonLive(doc)
  if (live.has(cell.id)) live.delete(cell.id)
  const cells = pythonCells(doc)
  const held = cells.toArray() as Cell[]
  if (held.some(({ id }) => id === cell.id)) return
  // Cells of different contexts may end in another order than they began.
  const at = held.findLastIndex(({ seq }) => seq < cell.seq) + 1
  cells.insert(at, [cell])
  if (cells.length > pythonLimits.cells) cells.delete(0, cells.length - pythonLimits.cells)
}

/** Brings a document that was just loaded level with what is stored and with what runs now. */
export function level(doc: Y.Doc, stored: readonly Cell[], running: readonly Cell[], contexts: readonly ShownContext[]): void {
  const cells = pythonCells(doc)
  const finished = stored.filter(({ status }) => status !== 'queued' && status !== 'running')
  if (JSON.stringify(cells.toArray()) !== JSON.stringify(finished)) {
    cells.delete(0, cells.length)
    cells.push([...finished])
  }
  const live = pythonLive(doc)
  const now = new Set(running.map(({ id }) => id as string))
  for (const id of live.keys()) if (!now.has(id)) live.delete(id)
  for (const cell of running) showLive(doc, cell)
  showContexts(doc, contexts)
}

export function showContexts(doc: Y.Doc, contexts: readonly ShownContext[]): void {
  const shown = pythonContexts(doc)
  const names = new Set(contexts.map(({ name }) => name))
  for (const name of shown.keys()) if (!names.has(name)) shown.delete(name)
  for (const { name, fresh } of contexts) if (!isDeepStrictEqual(shown.get(name), { fresh })) shown.set(name, { fresh })
}
