import { closeCodes } from '#shared/wire/close-codes.ts'
import { holds } from '../auth/principal.ts'
import { createTurns } from '../base/budget.ts'
import type { Credential, Rights } from './document-access.ts'
import { signedInFrame } from './frames.ts'
import { type Connections, closeDocument, setAccess } from './connections.ts'
import { comeAgain, type Context, type GuardedHocuspocus, type Hooks, isRefusal, type Refusal } from './hocuspocus.ts'
import { limits } from './limits.ts'
import type { Rooms } from './rooms.ts'
import type { Socket } from './socket.ts'

type Deps = { rights: Rights; rooms: Rooms; connections: Connections; hocuspocus: () => GuardedHocuspocus }

const denied: Refusal = { code: closeCodes.forbidden.code, reason: 'permission-denied' }

type Access = 'write' | 'read' | undefined
const narrower = (one: Access, other: Access): Access => (one === 'write' ? other : other === 'write' ? one : one && other)

/** Opening a document on a socket, and proving again who one is. */
export function createAuthenticateHook({
  rights,
  rooms,
  connections,
  hocuspocus,
}: Deps): Pick<Hooks, 'onAuthenticate' | 'onTokenSync' | 'connected'> {
  const inTurn = createTurns(limits.openingPerPerson)
  const credentialOf = async (token: string, socket: Socket): Promise<Credential> => {
    const credential = token.startsWith('sk_') ? await rights.ofToken(token) : socket.credential
    if (!credential) throw { code: closeCodes.unauthenticated.code, reason: 'unauthenticated' } satisfies Refusal
    return credential
  }

  return {
    async onAuthenticate({ documentName, token, context, connectionConfig, request, socketId }) {
      const { socket } = context
      if (!socket || rooms.stopping) throw denied
      rooms.expect(documentName)
      // A flood of openings is for its sender to wait for: the database and this thread are everybody's.
      const opening = inTurn(socket.credential?.principal.userId ?? socket, async () => {
        if (!socket.isOpen) throw denied
        const credential = await credentialOf(token, socket)
        const { principal } = credential
        const grant = await rights.onDocument(principal, documentName)
        const isFull = socket.documents >= limits.documentsPerSocket || connections.documentsOf(principal.userId) >= limits.documentsPerPerson
        if (!grant || isFull) throw denied
        if (!socket.signedIn(principal.userId)) throw closeCodes.tooManySockets
        connectionConfig.readOnly = !grant.write
        socket.credentials.set(principal.credentialId, credential)
        const opened = { principal, name: grant.name, projectId: grant.projectId, seenChanges: connections.changes }
        rooms.expect(documentName)
        await hocuspocus().createDocument(documentName, request, socketId, connectionConfig, { ...context, ...opened })
        return opened
      })
      return opening.catch((error: unknown) => {
        comeAgain(error, socket)
        throw error
      })
    },

    async connected({ connection, context, documentName }) {
      const { socket, principal, name, projectId } = context
      if (!socket || !principal || !name || !projectId) return
      if (hocuspocus().documents.get(documentName) !== connection.document) return socket.close(closeCodes.stopping)
      if (!connection.document.hasConnection(connection)) return
      // A later token may narrow what this is open with.
      const open = {
        connection,
        socket,
        name,
        projectId,
        get principal() {
          return context.principal ?? principal
        },
      }
      connections.add(open)
      if ((context as Context & { seenChanges?: number }).seenChanges === connections.changes) return
      // Somebody's rights changed while this was being opened: perhaps theirs.
      const access = await rights.access(principal, projectId, name.kind)
      const credential = socket.credentials.get(principal.credentialId)
      if (!credential || !(await credential.check())) socket.close(closeCodes.unauthenticated)
      else if (access) setAccess(connection, access)
      else closeDocument(open, closeCodes.forbidden)
    },

    /** A token sent later proves the same person again, or ends the document on this socket. It never widens rights. */
    async onTokenSync({ token, context, connection, connectionConfig }) {
      const { socket, principal, name, projectId } = context as Context
      if (!socket || !principal || !name || !projectId) return
      let credential: Credential
      let access: Access
      try {
        credential = await credentialOf(token, socket)
        access = narrower(await rights.access(principal, projectId, name.kind), await rights.access(credential.principal, projectId, name.kind))
      } catch (error) {
        if (isRefusal(error)) return closeDocument({ connection, socket }, error)
        socket.close(closeCodes.stopping)
        throw error
      }
      if (credential.principal.userId !== principal.userId || !access) return closeDocument({ connection, socket }, denied)
      socket.credentials.set(credential.principal.credentialId, credential)
      if (!holds(credential.principal, 'write')) (context as Context).principal = credential.principal
      setAccess(connection, access)
      connectionConfig.readOnly = connection.readOnly
      // A page may have made its document anew, and waits for this.
      socket.like.send(signedInFrame(connection.messageAddress, connection.readOnly))
    },
  }
}
