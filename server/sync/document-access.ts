import type { IncomingMessage } from 'node:http'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import { type DocumentName, parseDocumentName } from '#shared/wire/document-names.ts'
import { holds, personOf } from '../auth/principal.ts'
import type { Person, Principal } from '../auth/principal.ts'
import { type Peer, peerOf } from '../http/client-info.ts'
import { documentRules } from './document-kinds.ts'

/** The first request of a socket, with the address of whoever is at its other end. */
export type Asked = { headers: Headers; peer: Peer }

/** What deciding rights needs to know about people and projects. */
export type RightsDeps = {
  auth: {
    authenticate(request: Asked): Promise<Principal | undefined>
    authenticateToken(token: string): Promise<Principal | undefined>
    originAllowed(request: Asked): boolean
  }
  projects: { roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined> }
  projectOfSession(sessionId: SessionId): Promise<ProjectId | undefined>
}

/** By what a socket or a document was opened, and how to ask whether it still holds. */
export type Credential = { principal: Person; check(): Promise<boolean> }

/** A document somebody may see. */
export type Grant = { name: DocumentName; projectId: ProjectId; write: boolean }

/** The one place where rights on sockets and documents are decided. Only people have any: whatever else asks is nobody here. */
export type Rights = {
  /** `refused` when a cookie came from a foreign page; no credential is fine, a token may follow in a message. */
  ofSocket(request: IncomingMessage): Promise<{ credential: Credential | undefined; refused: 'origin' | 'token' | undefined }>
  ofToken(token: string): Promise<Credential | undefined>
  /** Undefined for whoever may not see the document, and for one that does not exist: nobody can tell which. */
  onDocument(principal: Person, document: string): Promise<Grant | undefined>
  /** May whoever this is write this kind of document in this project; undefined when they may not even read it. */
  access(principal: Person, projectId: ProjectId, kind: DocumentKind): Promise<'write' | 'read' | undefined>
  projectOf(name: DocumentName): Promise<ProjectId | undefined>
}

export function createRights({ auth, projects, projectOfSession }: RightsDeps): Rights {
  const ofToken = async (token: string): Promise<Credential | undefined> => {
    const principal = token.startsWith('sk_') ? personOf(await auth.authenticateToken(token)) : undefined
    return principal && { principal, check: async () => (await auth.authenticateToken(token)) !== undefined }
  }
  const projectOf = async (name: DocumentName) => ('sessionId' in name ? projectOfSession(name.sessionId) : name.projectId)
  const access = async (principal: Person, projectId: ProjectId, kind: DocumentKind) => {
    const role = await projects.roleOf(principal.userId, projectId)
    const { read, people } = documentRules[kind]
    if (!role || !holds(principal, 'read') || !can(role, read)) return undefined
    return people && holds(principal, 'write') && can(role, people.write) ? 'write' : 'read'
  }

  return {
    async ofSocket(request) {
      const token = searchOf(request).get('token')
      if (token) {
        const credential = await ofToken(token)
        return { credential, refused: credential ? undefined : 'token' }
      }
      const asked = { headers: headersOf(request), peer: peerOf(request) }
      const principal = personOf(await auth.authenticate(asked))
      if (!principal) return { credential: undefined, refused: undefined }
      if (principal.by === 'cookie' && !auth.originAllowed(asked)) return { credential: undefined, refused: 'origin' }
      const check = async () => (await auth.authenticate(asked))?.credentialId === principal.credentialId
      return { credential: { principal, check }, refused: undefined }
    },
    ofToken,
    async onDocument(principal, document) {
      const name = parseName(document)
      const projectId = name && (await projectOf(name))
      const allowed = projectId && (await access(principal, projectId, name.kind))
      return name && projectId && allowed ? { name, projectId, write: allowed === 'write' } : undefined
    },
    access,
    projectOf,
  }
}

export function parseName(document: string): DocumentName | undefined {
  try {
    return parseDocumentName(document)
  } catch {
    return undefined
  }
}

/** What stands behind the `?` of a socket's address. */
export const searchOf = ({ url }: Pick<IncomingMessage, 'url'>): URLSearchParams => new URL(url ?? '/', 'http://socket').searchParams

export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}
