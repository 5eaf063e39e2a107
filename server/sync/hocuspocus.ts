import {
  Hocuspocus,
  type Configuration,
  type Connection,
  type ConnectionConfiguration,
  type Document,
  type HookName,
  type HookPayloadByName,
} from '@hocuspocus/server'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Person } from '../auth/principal.ts'
import { type LogFields, withLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Socket } from './socket.ts'

/** What a connection carries: `socket` from the start, the rest once it is authorised. The server's own opens have no socket. */
export type Context = { socket?: Socket; principal?: Person; name?: DocumentName; projectId?: ProjectId }
export type SyncConnection = Connection<Context>
export type SyncDocument = Document

export type Hooks = { [K in HookName]?: (payload: HookPayloadByName<Context>[K]) => Promise<unknown> }

/** Hooks whose throwing means "no". From any other a rejection would end the process. */
const mayRefuse: ReadonlySet<HookName> = new Set<HookName>([
  'onConnect',
  'onAuthenticate',
  'onLoadDocument',
  'beforeHandleMessage',
  'beforeHandleAwareness',
  'beforeUnloadDocument',
])

/** A refusal that Hocuspocus does not print: it has no `message`. */
export type Refusal = { code: number; reason: string }

export const isRefusal = (error: unknown): error is Refusal =>
  typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'reason' in error

/**
 * Hocuspocus turns every error into a refusal, which clients take for final. Only a refusal and `not_found` are: after any other error the
 * socket is closed, so that the client tries again.
 */
export function comeAgain(error: unknown, socket: Socket | undefined): void {
  if (!isRefusal(error) && !(error instanceof AppError && error.code === 'not_found')) socket?.close(closeCodes.stopping)
}

/**
 * Hocuspocus with one set of hooks, none of which can end the process by throwing, and without its store: documents are
 * kept by the log, which decides when one may be unloaded.
 */
export class GuardedHocuspocus extends Hocuspocus<Context> {
  private readonly guarded: { hooks: Hooks; log: Logger } | undefined

  constructor(hooks: Hooks, log: Logger, configuration: Partial<Configuration<Context>>) {
    super({ quiet: true, flushDelay: 0, maxPendingDocuments: 500, maxUnauthenticatedQueueSize: 2 * 1024 * 1024, ...configuration })
    this.guarded = { hooks, log }
  }

  override async hooks<T extends HookName>(
    name: T,
    payload: HookPayloadByName<Context>[T],
    callback: ((result: unknown) => unknown) | null = null,
  ): Promise<unknown> {
    const hook = this.guarded?.hooks[name] as ((payload: HookPayloadByName<Context>[T]) => Promise<unknown>) | undefined
    if (!hook) return undefined
    try {
      const result = await withLogFields(fieldsOf(payload), () => hook(payload))
      return callback ? callback(result) : result
    } catch (error) {
      if (mayRefuse.has(name)) throw error
      this.guarded?.log.error({ err: error, hook: name }, 'a hook of the sync server failed')
      return undefined
    }
  }

  /** Several may wait for one loading: each of them has a socket of their own. */
  override async createDocument(
    name: string,
    request: Request,
    socketId: string,
    connection: ConnectionConfiguration,
    context?: Context,
  ): Promise<SyncDocument> {
    try {
      return await super.createDocument(name, request, socketId, connection, context)
    } catch (error) {
      comeAgain(error, context?.socket)
      throw error
    }
  }

  /** Nothing is stored by Hocuspocus. */
  override storeDocumentHooks(): Promise<void> {
    return Promise.resolve()
  }
}

/** Whose message it is that a hook is about, and in which room. */
function fieldsOf(payload: object): LogFields {
  const { principal, projectId, name } = ('context' in payload ? payload.context : {}) as Context
  return { userId: principal?.userId, projectId, ...(name?.kind === 'session' && { sessionId: name.sessionId }) }
}
