import { draftNames, draftRoot } from '#shared/board/drafts.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'

/**
 * What may stand in a shared type. A text holds strings. A map holds plain values, and under a key for which it says so a type
 * of that shape. No document that people write has lists.
 */
export type Shape = 'text' | { inside(key: string): Shape | undefined }

const todo: Shape = { inside: (key) => (key === 'text' ? 'text' : undefined) }
const todos: Shape = { inside: () => todo }
const drafts: ReadonlySet<string> = new Set(draftNames.map(draftRoot))

/** Undefined for whatever people do not write: `disk` in a file is the server's. Layouts: `shared/board/doc.ts`, `shared/files/doc.ts`. */
export function shapeOfRoot(kind: DocumentName['kind'], root: string): Shape | undefined {
  if (kind === 'file') return root === 'content' ? 'text' : undefined
  if (kind !== 'board') return undefined
  if (root === 'todos') return todos
  return drafts.has(root) ? 'text' : undefined
}

/** Roots of documents that people write which hold what the server knows: nobody else removes it. */
export const serverRoots: Partial<Record<DocumentName['kind'], readonly string[]>> = { file: ['disk'] }

/** How Yjs numbers the types that have a place here. */
export const typeNumbers = { map: 1, text: 2 } as const

/** The shape of a type under a key of something; undefined when no such type may stand there. */
export function shapeUnder(outer: Shape | undefined, key: string | undefined, type: number | undefined): Shape | undefined {
  if (outer === undefined || outer === 'text' || key === undefined) return undefined
  const inner = outer.inside(key)
  if (inner === undefined) return undefined
  return type === (inner === 'text' ? typeNumbers.text : typeNumbers.map) ? inner : undefined
}
