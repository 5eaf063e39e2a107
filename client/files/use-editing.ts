import type * as Y from 'yjs'
import { readAllEditing } from '#shared/files/doc.ts'
import { useDocValue } from '../sync/use-document.ts'

const editingMap = (doc: Y.Doc) => doc.getMap('editing')

/** Which agents edit which files now. */
export const useEditing = (project: Y.Doc) => useDocValue(project, readAllEditing, editingMap)
