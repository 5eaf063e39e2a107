import { AppError } from '../base/errors.ts'
import { ProjectId, SessionId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'
import { type DocumentKind, documentKinds } from './document-kinds.ts'

type InRoom = { project: { projectId: ProjectId }; session: { sessionId: SessionId } }
type NameOf<K extends DocumentKind> = { kind: K } & InRoom[(typeof documentKinds)[K]['room']] &
  ((typeof documentKinds)[K]['hasPath'] extends true ? { path: FilePath } : unknown)

/** The name of a shared document, as the kind says what belongs to it: `{ kind: 'file', projectId, path }`. */
export type DocumentName = { [K in DocumentKind]: NameOf<K> }[DocumentKind]

const ids = { project: ProjectId, session: SessionId }

/** `board/prj_…`, `session/ses_…`, `file/prj_…/src/app.ts` */
export function formatDocumentName(name: DocumentName): string {
  return [name.kind, 'sessionId' in name ? name.sessionId : name.projectId, ...('path' in name ? [name.path] : [])].join('/')
}

/** @throws AppError `invalid_input` when the name has none of these forms. */
export function parseDocumentName(text: string): DocumentName {
  const [kind = '', id, ...rest] = text.split('/')
  if (Object.hasOwn(documentKinds, kind)) {
    const { room, hasPath } = documentKinds[kind as DocumentKind]
    const first = ids[room].safeParse(id)
    const path = FilePath.safeParse(rest.join('/'))
    if (first.success && (hasPath ? path.success : rest.length === 0))
      return { kind, [`${room}Id`]: first.data, ...(hasPath && { path: path.data }) } as DocumentName
  }
  throw new AppError('invalid_input', `no document is named ${JSON.stringify(text.slice(0, 200))}`)
}
