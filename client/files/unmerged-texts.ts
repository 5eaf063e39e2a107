import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import type { UnmergedEdit } from '../offline/offline-store.ts'

/** What somebody made of a file, and the text they made it of, where that is known. */
export type UnmergedTexts = { projectId: ProjectId; path: FilePath; base: string | undefined; text: string }

/** Undefined for what has no text of its own. */
export function textsOf({ name, before, mine }: UnmergedEdit): UnmergedTexts | undefined {
  const document = parseDocumentName(name)
  if (document.kind === 'board')
    return { projectId: document.projectId, path: 'text.txt' as FilePath, base: undefined, text: writtenSince(mine, before) }
  if (document.kind !== 'file') return undefined
  return { projectId: document.projectId, path: document.path, base: before && textOf(before), text: textOf([mine]) }
}

/** What was written into any of the texts of a document, a line for each piece. */
function writtenSince(mine: Uint8Array, before: readonly Uint8Array[] = []): string {
  const fresh = before.length > 0 ? Y.diffUpdate(mine, Y.encodeStateVectorFromUpdate(Y.mergeUpdates([...before]))) : mine
  let text = ''
  let last: { client: number; clock: number } | undefined
  for (const { id, length, ...item } of Y.decodeUpdate(fresh).structs) {
    const content = 'content' in item ? item.content : undefined
    if (content instanceof Y.ContentString) {
      const goesOn = last?.client === id.client && last.clock === id.clock
      text += (text === '' || goesOn ? '' : '\n') + content.str
      last = { client: id.client, clock: id.clock + length }
    }
  }
  return text
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const text = fileText(doc).toString()
  doc.destroy()
  return text
}
