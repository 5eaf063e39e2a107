import type { ArtifactId, RunId } from '../base/ids.ts'
import { imageTypes } from '../files/image-types.ts'
import type { FilePath } from '../files/path.ts'
import type { Item, ToolCallItem } from './items.ts'

/** How a file is looked at first: a page and a picture as what they are, the rest as its text. */
export type MadeKind = 'page' | 'picture' | 'file'

/** A file that a run wrote; lines are counted where the tool told them. `title`: what a page calls itself. */
export type MadeFile = { path: FilePath; kind: MadeKind; added: number; removed: number; title?: string }
/** A figure that was kept with a call. */
export type MadeFigure = { id: ArtifactId; name: string }
/** What people want to see of it first. */
export type MadeMain = { kind: MadeKind; path: FilePath } | { kind: 'figure'; id: ArtifactId } | { kind: 'app'; port: number }

/** What a run made: files in the order in which they were written first, figures, the port of a web app. */
export type Made = { files: readonly MadeFile[]; figures: readonly MadeFigure[]; port: number | undefined; main: MadeMain }

export function kindOfMade(path: string): MadeKind {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  if (extension === 'html' || extension === 'htm') return 'page'
  return Object.hasOwn(imageTypes, extension) ? 'picture' : 'file'
}

/** What a call wrote: one file, or those that a command changed. */
const filesOf = ({ presentation }: ToolCallItem): MadeFile[] =>
  (presentation?.made?.files ?? []).map(({ path, added = 0, removed = 0, title }) => {
    const kind = kindOfMade(path)
    return { path, kind, added, removed, ...(kind === 'page' && title && { title }) }
  })

const figuresOf = ({ presentation }: ToolCallItem): readonly MadeFigure[] => (presentation?.made?.figures ? (presentation.pictures ?? []) : [])

/** The last form of each thing, where the first one stood. */
function merged(files: Map<FilePath, MadeFile>, file: MadeFile): void {
  const before = files.get(file.path)
  const title = file.title ?? before?.title
  files.set(file.path, {
    ...file,
    added: file.added + (before?.added ?? 0),
    removed: file.removed + (before?.removed ?? 0),
    ...(title !== undefined && { title }),
  })
}

/** What each run made, from its calls that went well; runs that made nothing are left out. */
export function madeByRun(items: readonly Item[]): Map<RunId, Made> {
  const calls = new Map<RunId, ToolCallItem[]>()
  for (const item of items) {
    if (item.type !== 'tool_call' || item.runId === undefined || item.status !== 'ok') continue
    calls.set(item.runId, [...(calls.get(item.runId) ?? []), item])
  }
  const made = new Map<RunId, Made>()
  for (const [runId, ofRun] of calls) {
    const found = madeOf(ofRun)
    if (found) made.set(runId, found)
  }
  return made
}

function madeOf(calls: readonly ToolCallItem[]): Made | undefined {
  const files = new Map<FilePath, MadeFile>()
  const figures = new Map<ArtifactId, MadeFigure>()
  let port: number | undefined
  let appAt = -1
  let pageAt = -1
  for (const [at, call] of calls.entries()) {
    for (const file of filesOf(call)) {
      merged(files, file)
      if (file.kind === 'page') pageAt = at
    }
    for (const figure of figuresOf(call)) figures.set(figure.id, figure)
    const app = call.presentation?.made?.app
    if (app) {
      port = app.port ?? port
      appAt = at
    }
  }
  const all = [...files.values()]
  const shown = [...figures.values()]
  // Of an app that serves the page, the app.
  const main = port !== undefined && appAt >= pageAt ? ({ kind: 'app', port } as const) : mainOf(all, shown)
  return main && { files: all, figures: shown, port, main }
}

/** A page (its index, where there is one), else what is looked at, else what was written last. */
function mainOf(files: readonly MadeFile[], figures: readonly MadeFigure[]): MadeMain | undefined {
  const pages = files.filter(({ kind }) => kind === 'page')
  const page = pages.findLast(({ path }) => /(^|\/)index\.html?$/i.test(path)) ?? pages.at(-1)
  if (page) return { kind: 'page', path: page.path }
  const figure = figures.at(-1)
  if (figure) return { kind: 'figure', id: figure.id }
  const file = files.findLast(({ kind }) => kind === 'picture') ?? files.at(-1)
  return file && { kind: file.kind, path: file.path }
}
