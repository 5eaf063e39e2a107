import { useCallback } from 'react'
import type * as Y from 'yjs'
import { fileText, readFileState } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileState } from '#shared/files/state.ts'
import { useDocument, useDocValue } from '../sync/use-document.ts'
import type { DocumentState } from '../sync/document-state.ts'
import type { FileKind, FileMode } from './file-kind.ts'
import { useFilesRoom } from './room-context.ts'

const filesMap = (doc: Y.Doc) => doc.getMap('files')

export type FileText = {
  /** It may be a text, whether or not it is open as one now. */
  written: boolean
  /** It is open as a text that all write. */
  open: boolean
  shared: DocumentState
  state: FileState | undefined
  /** A document without a word, of a file that is none: there is nothing to write back. */
  never: boolean
}

/** The text of a file, which opens only where somebody may write it: a table, or a picture that is text, is looked at before. */
export function useFileText(path: FilePath, kind: FileKind, mode: FileMode, hasSource: boolean): FileText {
  const { projectId, project } = useFilesRoom()
  const written = hasSource && kind !== 'binary' && kind !== 'large' && kind !== 'pdf'
  const open = written && (kind === 'text' || kind === 'markdown' || mode === 'source')
  const shared = useDocument(open ? { kind: 'file', projectId, path } : null)
  const state = useDocValue(
    project,
    useCallback((from: Y.Doc) => readFileState(from, path), [path]),
    filesMap,
  )
  const never = (state?.status === 'not_text' || state?.status === 'too_large') && fileText(shared.doc).length === 0
  return { written, open, shared, state, never }
}
