import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Documents } from '../sync/port.ts'
import type { AgentCursors } from './agent-cursor.ts'
import { editText } from './merge-into-document.ts'
import type { TextChange } from './port.ts'
import { diffText, type TextEdit } from '../base/text-edits.ts'

type Deps = { documents: Documents; cursors: AgentCursors }

/** Edits a file that is open, in its document. Where an agent does, everybody sees its cursor there for a while. */
export async function editDocument({ documents, cursors }: Deps, projectId: ProjectId, path: FilePath, author: FileAuthor, change: TextChange) {
  const open = await documents.open({ kind: 'file', projectId, path })
  const result = { before: '', after: '' }
  let range: { start: number; end: number } | undefined
  let kept = false
  try {
    const client = await open.writeAs(author, (doc) => {
      const text = fileText(doc)
      result.before = text.toString()
      result.after = change(result.before) ?? result.before
      const edits = diffText(result.before, result.after)
      editText(text, edits)
      range = lastInserted(edits) ?? range
    })
    if (range && author.kind === 'agent') {
      kept = true
      cursors.show(projectId, path, author, open, client, range)
    }
  } finally {
    if (!kept) await open.close()
  }
  return result
}

/** Where what the last edit inserted stands after all of them. */
function lastInserted(edits: readonly TextEdit[]): { start: number; end: number } | undefined {
  const last = edits.at(-1)
  if (!last) return undefined
  const grown = edits.slice(0, -1).reduce((sum, { remove, insert }) => sum + insert.length - remove, 0)
  return { start: last.at + grown, end: last.at + grown + last.insert.length }
}
