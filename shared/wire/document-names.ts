import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { ProjectId, SessionId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'

/** The kinds of shared document; `project`, `session` and `python` are written by the server alone. */
export type DocumentName =
  | { kind: 'project'; projectId: ProjectId }
  | { kind: 'session'; sessionId: SessionId }
  | { kind: 'python'; projectId: ProjectId }
  | { kind: 'board'; projectId: ProjectId }
  | { kind: 'file'; projectId: ProjectId; path: FilePath }

export const serverWritten: Record<DocumentName['kind'], boolean> = {
  project: true,
  session: true,
  python: true,
  board: false,
  file: false,
}

export function formatDocumentName(name: DocumentName): string {
  switch (name.kind) {
    case 'session':
      return `session/${name.sessionId}`
    case 'file':
      return `file/${name.projectId}/${name.path}`
    default:
      return `${name.kind}/${name.projectId}`
  }
}

const Shape = z.union([
  z.tuple([z.enum(['project', 'python', 'board']), ProjectId]),
  z.tuple([z.literal('session'), SessionId]),
  z.tuple([z.literal('file'), ProjectId, FilePath]),
])

/** @throws AppError `invalid_input` when the name has none of these forms. */
export function parseDocumentName(text: string): DocumentName {
  const [kind, id, ...rest] = text.split('/')
  const parsed = Shape.safeParse(rest.length > 0 ? [kind, id, rest.join('/')] : [kind, id])
  if (!parsed.success) throw new AppError('invalid_input', `no document is named ${JSON.stringify(text.slice(0, 200))}`)
  const [k, first, path] = parsed.data
  if (k === 'session') return { kind: k, sessionId: first as SessionId }
  if (k === 'file') return { kind: k, projectId: first as ProjectId, path: path as FilePath }
  return { kind: k, projectId: first as ProjectId }
}
