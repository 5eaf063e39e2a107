import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import type { Aside } from '../base/kept.ts'

/** What somebody made of a file, and the text they made it of, where that is known. */
export type AsideTexts = { projectId: ProjectId; path: FilePath; base: string | undefined; text: string }

/** Undefined for what is no file. */
export function textsOf({ name, before, mine }: Aside): AsideTexts | undefined {
  const document = parseDocumentName(name)
  if (document.kind !== 'file') return undefined
  return { projectId: document.projectId, path: document.path, base: before && textOf(before), text: textOf([mine]) }
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const text = fileText(doc).toString()
  doc.destroy()
  return text
}
