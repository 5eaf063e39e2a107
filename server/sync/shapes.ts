import { draftNames, draftRoot } from '#shared/board/drafts.ts'

/**
 * What may stand in a shared type. A text holds strings. A map holds plain values, and under a key for which it says so a type
 * of that shape. No document that people write has lists.
 */
export type Shape = 'text' | { inside(key: string): Shape | undefined }

const todo: Shape = { inside: (key) => (key === 'text' ? 'text' : undefined) }
const todos: Shape = { inside: () => todo }
const drafts: ReadonlySet<string> = new Set(draftNames.map(draftRoot))

/** What people write into a board: its layout is in `shared/board/doc.ts`. */
export function boardShape(root: string): Shape | undefined {
  if (root === 'todos') return todos
  return drafts.has(root) ? 'text' : undefined
}

/** What people write into a file: `disk` in it is the server's. Its layout is in `shared/files/doc.ts`. */
export const fileShape = (root: string): Shape | undefined => (root === 'content' ? 'text' : undefined)

/** How Yjs numbers the types that have a place here. */
export const typeNumbers = { map: 1, text: 2 } as const

/** The shape of a type under a key of something; undefined when no such type may stand there. */
export function shapeUnder(outer: Shape | undefined, key: string | undefined, type: number | undefined): Shape | undefined {
  if (outer === undefined || outer === 'text' || key === undefined) return undefined
  const inner = outer.inside(key)
  if (inner === undefined) return undefined
  return type === (inner === 'text' ? typeNumbers.text : typeNumbers.map) ? inner : undefined
}
