import type { Action } from '#shared/projects/roles.ts'
import type { DocumentKind, documentKinds } from '#shared/wire/document-kinds.ts'
import { boardShape, fileShape, type Shape } from './shapes.ts'

/** Of a kind that people write. */
type PeoplesRules = {
  /** What a role must allow to write it. */
  write: Action
  /** The whole state, in bytes as Yjs encodes it: an edit that would make it larger is refused. */
  bytes: number
  /** What people may write into one of its shared types; undefined where they write nothing. */
  shapeOf(root: string): Shape | undefined
  /** Shared types that hold what the server knows: nobody else removes it. */
  serverRoots: readonly string[]
}

type Rules<K extends DocumentKind> = {
  /** What a role must allow to read it. */
  read: Action
  /** Whose cursor may stand under a client id: anybody's, or only that of whom the id belongs to. */
  cursors: 'of anybody' | 'of its author'
  /** Undefined for what only the server writes, which it bounds itself. */
  people: (typeof documentKinds)[K]['writtenBy'] extends 'people' ? PeoplesRules : undefined
}

/**
 * What the server holds people to, for every kind of document. The log keeps the history of each alike, and a project's retention
 * shortens it alike.
 */
export const documentRules: { readonly [K in DocumentKind]: Rules<K> } = {
  project: { read: 'project.read', cursors: 'of anybody', people: undefined },
  session: { read: 'project.read', cursors: 'of anybody', people: undefined },
  python: { read: 'project.read', cursors: 'of anybody', people: undefined },
  board: {
    read: 'project.read',
    cursors: 'of anybody',
    people: { write: 'board.write', bytes: 4 * 1024 * 1024, shapeOf: boardShape, serverRoots: [] },
  },
  file: {
    read: 'file.read',
    cursors: 'of its author',
    people: { write: 'file.write', bytes: 8 * 1024 * 1024, shapeOf: fileShape, serverRoots: ['disk'] },
  },
}

/** What people may write into a shared type of a document; undefined where they write nothing. */
export const shapeOfRoot = (kind: DocumentKind, root: string): Shape | undefined => documentRules[kind].people?.shapeOf(root)
