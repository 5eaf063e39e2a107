import * as Y from 'yjs'
import { memoParse } from '../base/memo-parse.ts'
import { Cell, CellOutput } from './schema.ts'

/*
 * `python/<projectId>`, written by the server alone.
 *   cells     Y.Array of finished Cell JSON in order of seq; a window of the most recent ones
 *   live      Y.Map: cell id → Y.Map { cell: Cell JSON without its outputs, outputs: Y.Array }
 *             an output is CellOutput JSON, or for a stream that grows a Y.Map { name, text: Y.Text }
 *   contexts  Y.Map: name → { fresh } of the namespaces there are
 */
export const pythonLimits = { cells: 100, outputChars: 64_000, contexts: 8 } as const

export const pythonCells = (doc: Y.Doc) => doc.getArray<unknown>('cells')
export const pythonLive = (doc: Y.Doc) => doc.getMap<Y.Map<unknown>>('live')
export const pythonContexts = (doc: Y.Doc) => doc.getMap<unknown>('contexts')

const parseCell = memoParse(Cell)
const parseOutput = memoParse(CellOutput)

/** Finished cells of the window, oldest first; a malformed one is left out. */
export const readCells = (doc: Y.Doc): Cell[] =>
  pythonCells(doc)
    .toArray()
    .map(parseCell)
    .filter((cell) => cell !== undefined)

/** Cells that wait or run, in the order in which they began, with what they have put out so far. */
export const readLiveCells = (doc: Y.Doc): Cell[] =>
  [...pythonLive(doc).values()]
    .flatMap((entry) => {
      const cell = Cell.safeParse(entry.get('cell'))
      return cell.success ? [{ ...cell.data, outputs: outputsOf(entry) }] : []
    })
    .toSorted((a, b) => a.seq - b.seq)

/** `fresh`: it knows nothing of what its earlier cells made. */
export type ShownContext = { name: string; fresh: boolean }

/** Names of the contexts that began anew and ran no cell since. */
export const readFreshContexts = (doc: Y.Doc): string[] =>
  [...pythonContexts(doc)].filter(([, value]) => (value as { fresh?: unknown } | null)?.fresh === true).map(([name]) => name)

export const readContexts = (doc: Y.Doc): string[] => [...pythonContexts(doc).keys()].toSorted()

function outputsOf(entry: Y.Map<unknown>): CellOutput[] {
  const outputs = entry.get('outputs')
  if (!(outputs instanceof Y.Array)) return []
  return outputs.toArray().flatMap((output: unknown) => {
    if (!(output instanceof Y.Map)) return parseOutput(output) ?? []
    const [name, text] = [output.get('name'), output.get('text')]
    const stream = CellOutput.safeParse({ type: 'stream', name, text: text instanceof Y.Text ? text.toJSON() : undefined })
    return stream.success ? stream.data : []
  })
}
