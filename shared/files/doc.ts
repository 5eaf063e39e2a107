import * as Y from 'yjs'
import type { AgentId } from '../base/ids.ts'
import { memoParse } from '../base/memo-parse.ts'
import type { FilePath } from './path.ts'
import { type ClientAuthor, type FileAuthor, FileConflict, FileEditing, FileState } from './state.ts'

/*
 * `file/<projectId>/<path>`: one Y.Text named `content`. Editors write it, and the server as the peer that brings the
 * disk's changes and the agents' edits.
 *
 * In `project/<id>`, written by the server alone, plain JSON:
 *   files      FilePath → FileState, of files that are open
 *   conflicts  ConflictId → FileConflict, until they are resolved
 *   editing    AgentId → FileEditing
 */

/** A larger file is viewed or downloaded, not opened as a document. Bytes of UTF-8. */
export const maxOpenBytes = 1024 * 1024

/** Bounds of what the project's document holds of files; the oldest go first. */
export const fileLimits = { states: 200, conflicts: 100 } as const

export const fileText = (doc: Y.Doc): Y.Text => doc.getText('content')

const parseState = memoParse(FileState)
const parseConflict = memoParse(FileConflict)
const parseEditing = memoParse(FileEditing)
const all = <T>(doc: Y.Doc, name: string, parse: (value: unknown) => T | undefined): T[] =>
  [...doc.getMap<unknown>(name).values()].map(parse).filter((value) => value !== undefined)

/** Undefined for a file that is not open, or not known yet. @param project the document `project/<id>`, as below */
export const readFileState = (project: Y.Doc, path: FilePath) => parseState(project.getMap<unknown>('files').get(path))
/** Oldest first. */
export const readConflicts = (project: Y.Doc, path?: FilePath) =>
  all(project, 'conflicts', parseConflict)
    .filter((conflict) => path === undefined || conflict.path === path)
    .sort((a, b) => a.at - b.at)
export const readEditing = (project: Y.Doc, agentId: AgentId) => parseEditing(project.getMap<unknown>('editing').get(agentId))
export const readAllEditing = (project: Y.Doc) => all(project, 'editing', parseEditing)

/** One stretch of the text that one Yjs client id wrote; `from` is its first clock. UTF-16 units. */
export type WrittenRange = { start: number; end: number; client: number; from: number }

/** The text in stretches by who wrote them last, in order and without gaps. */
export function readRanges(text: Y.Text): WrittenRange[] {
  const ranges: WrittenRange[] = []
  let at = 0
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue
    const { client, clock } = item.id
    const last = ranges.at(-1)
    if (last?.client === client && last.from + (last.end - last.start) === clock) last.end += item.length
    else ranges.push({ start: at, end: at + item.length, client, from: clock })
    at += item.length
  }
  return ranges
}

/** Who wrote a stretch, from what `fileAuthors` answers. Undefined: not known yet, ask again. */
export function authorOf(authors: readonly ClientAuthor[], { client, from }: Pick<WrittenRange, 'client' | 'from'>): FileAuthor | undefined {
  const mine = authors.filter((entry) => entry.client === client)
  const exact = mine.find(({ clocks }) => clocks && clocks.from <= from && from < clocks.to)
  return (exact ?? mine.find(({ clocks }) => !clocks))?.author
}

/** A place in the text as it travels in conflicts and cursors: a Yjs relative position, base64. */
export function encodePosition(text: Y.Text, index: number, assoc = 0): string {
  const bytes = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, assoc))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Undefined when the place is not of this document or not well-formed. */
export function decodePosition(text: Y.Text, position: string): number | undefined {
  try {
    const relative = Y.decodeRelativePosition(Uint8Array.from(atob(position), (char) => char.charCodeAt(0)))
    const absolute = text.doc && Y.createAbsolutePositionFromRelativePosition(relative, text.doc)
    return absolute?.type === text ? absolute.index : undefined
  } catch {
    return undefined
  }
}
