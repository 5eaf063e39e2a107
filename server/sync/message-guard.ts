import { type ConnectionTransactionOrigin, isTransactionOrigin } from '@hocuspocus/server'
import * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { ClientStateless } from '#shared/wire/stateless.ts'
import type { Logger } from '../base/logger.ts'
import { type Authors, ForeignAuthor } from './authors.ts'
import { checkContent } from './check-content.ts'
import { checkRepeats } from './check-repeats.ts'
import { sendStateless } from './connections.ts'
import { BadFrame, checkStateVector, type Frame, intoClose, intoEmpty, messageType, readFrame, step1Frame, syncStep, TooLarge } from './frames.ts'
import { type Context, type Hooks, isRefusal, type Refusal, type SyncConnection, type SyncDocument } from './hocuspocus.ts'
import { inspectUpdate } from './inspect-update.ts'
import { limits } from './limits.ts'
import type { DocumentLog } from './log.ts'
import { type AwarenessEntry, createPresenceOwners, readAwareness } from './presence.ts'
import { type TokenBucket, tokenBucket } from './token-bucket.ts'

type State = {
  /** States that the message now being handled may show. */
  accepted: Map<number, object> | undefined
  /** Edits refused since a whole answer was taken: something before them is missing, and was asked for. */
  gaps: number
  /** The edit being handled was such a one. */
  missing: boolean
  /** Marks that wait for it. */
  held: number[]
}

type Deps = { logOf(document: SyncDocument): DocumentLog | undefined; authors: Authors; now: () => number; log: Logger }

const tooLargeWords = 'This edit is too large, so it was not saved.'

/** What every message of every connection passes before and after Hocuspocus handles it. */
export function createMessageGuard({ logOf, authors, now, log }: Deps) {
  const states = new WeakMap<SyncConnection, State>()
  const presence = createPresenceOwners()
  const budgets = new Map<UserId, TokenBucket>()

  const stateOf = (connection: SyncConnection) => {
    let state = states.get(connection)
    if (!state) states.set(connection, (state = { accepted: undefined, gaps: 0, missing: false, held: [] }))
    return state
  }
  const budgetOf = (userId: UserId) => {
    const budget = budgets.get(userId) ?? tokenBucket(limits.syncPerPerson, now)
    // Whoever asks most recently is last; the rest have long been refilled.
    budgets.delete(userId)
    budgets.set(userId, budget)
    const oldest = budgets.keys().next().value
    if (budgets.size > 2_000 && oldest) budgets.delete(oldest)
    return budget
  }

  const pay = async (document: SyncDocument, context: Context) => {
    const paid = await context.socket?.payForSync(logOf(document)?.weight() ?? 0, budgetOf(context.principal?.userId ?? ('' as UserId)))
    if (paid === false) throw closeCodes.rateLimited satisfies Refusal
  }

  async function checkSync(frame: Frame, payload: Uint8Array, document: SyncDocument, connection: SyncConnection, context: Context) {
    if (frame.step === syncStep.step1) {
      checkStateVector(payload)
      await pay(document, context)
      return
    }
    if (payload.length > limits.updateBytes) refuse(connection, tooLargeWords)
    if (connection.readOnly) {
      inspectUpdate(payload)
      // Answering whether it holds anything new costs a walk through the document.
      if (frame.step === syncStep.step2) await pay(document, context)
      return
    }
    if (!fits(kindOf(context), document, payload.length)) refuse(connection, 'This document is full, so the edit was not saved.')
    await admit(payload, document, connection, context)
  }

  /** The edit is not taken, its sender is told why, and the document is closed on that socket. */
  function refuse(connection: SyncConnection, message: string): never {
    sendStateless(connection, { type: 'refused', code: 'too_large', message })
    throw closeCodes.tooLarge satisfies Refusal
  }

  /** Every client id belongs to somebody: an edit under another's is refused. */
  async function admit(payload: Uint8Array, document: SyncDocument, connection: SyncConnection, { principal, projectId }: Context) {
    if (!principal || !projectId) throw closeCodes.forbidden satisfies Refusal
    try {
      await authors.admit(document.name, projectId, document, payload, { kind: 'user', id: principal.userId, name: principal.name })
    } catch (error) {
      throw asRefusal(error, connection)
    }
  }

  /** What was found here still holds when the update is applied: nothing happens in between. */
  function judge(payload: Uint8Array, document: SyncDocument, connection: SyncConnection, context: Context) {
    try {
      checkContent(kindOf(context), document, payload)
      checkRepeats(document, payload)
    } catch (error) {
      if (error instanceof TooLarge) refuse(connection, tooLargeWords)
      throw asRefusal(error, connection)
    }
  }

  function asRefusal(error: unknown, connection: SyncConnection): unknown {
    if (!(error instanceof ForeignAuthor)) return error
    sendStateless(connection, { type: 'refused', code: 'foreign_author', message: "This edit used someone else's client id." })
    return closeCodes.forbidden satisfies Refusal
  }

  function fits(kind: DocumentName['kind'], document: SyncDocument, more: number): boolean {
    const log = logOf(document)
    const most = kind === 'board' || kind === 'file' ? limits.documentBytes[kind] : Number.POSITIVE_INFINITY
    if (!log || log.weight() + more <= most) return true
    log.setWeight(Y.encodeStateAsUpdate(document).length)
    return log.weight() + more <= most
  }

  /**
   * Yjs keeps an edit aside whose predecessors are missing. Here it is dropped, and the sender asked for all that the
   * document does not have: what is kept aside is neither durable nor bounded. Called at the end of the transaction,
   * when the sender is still known.
   */
  function dropPending({ origin }: Y.Transaction, document: SyncDocument) {
    const { store } = document
    if (!store.pendingStructs && !store.pendingDs) return
    store.pendingStructs = null
    store.pendingDs = null
    if (isTransactionOrigin(origin) && origin.source === 'connection') stateOf(origin.connection as SyncConnection).missing = true
  }

  /**
   * Here and not by Hocuspocus, which prints what Yjs throws and acknowledges the update all the same. Yjs throws at items
   * that contradict what is there under the same ids; what came before them stays.
   */
  function apply(payload: Uint8Array, document: SyncDocument, connection: SyncConnection) {
    try {
      Y.applyUpdate(document, payload, { source: 'connection', connection } satisfies ConnectionTransactionOrigin)
    } catch (error) {
      throw new BadFrame('the update contradicts the document', { cause: error })
    }
  }

  function settleSync(frame: Frame, document: SyncDocument, connection: SyncConnection, context: Context) {
    const state = stateOf(connection)
    if (state.missing) {
      state.missing = false
      if (++state.gaps > limits.gaps) context.socket?.close(closeCodes.badFrame)
      else connection.send(step1Frame(connection.messageAddress, Y.encodeStateVector(document)))
      return
    }
    // An update alone says nothing about what was refused before it; a whole answer does.
    if (state.gaps === 0 || frame.step !== syncStep.step2) return
    state.gaps = 0
    for (const mark of state.held.splice(0)) answerMark(document, connection, mark)
  }

  function answerMark(document: SyncDocument, connection: SyncConnection, mark: number) {
    logOf(document)
      ?.flushed()
      .then(
        (seq) => sendStateless(connection, { type: 'marked', mark, seq }),
        // Never durable: never answered.
        () => undefined,
      )
  }

  /** Nobody shows a cursor under a client id that somebody else, or an agent, writes under. */
  async function mayShow(document: SyncDocument, { name, principal }: Context, entries: AwarenessEntry[]): Promise<AwarenessEntry[]> {
    if (name?.kind !== 'file') return entries
    const owners = await Promise.all(entries.map(({ client }) => authors.ownerOf(document.name, document, client)))
    return entries.filter((_, at) => {
      const owner = owners[at]
      return !owner || (owner.kind === 'user' && owner.id === principal?.userId)
    })
  }

  const hooks: Hooks = {
    async beforeHandleMessage({ connection, document, context, update }) {
      const who = context as Context
      // It waited behind one that was refused.
      if (!document.hasConnection(connection)) return intoClose(update)
      try {
        const frame = readFrame(update)
        if (frame.type === messageType.sync || frame.type === messageType.syncReply) {
          const payload = frame.payload ?? new Uint8Array()
          await checkSync(frame, payload, document, connection, who)
          if (connection.readOnly || frame.step === syncStep.step1) return undefined
          judge(payload, document, connection, who)
          apply(payload, document, connection)
          intoEmpty(update)
          settleSync(frame, document, connection, who)
        } else if (frame.type === messageType.awareness && who.principal && who.name) {
          const entries = await mayShow(document, who, readAwareness(frame.payload ?? new Uint8Array()))
          stateOf(connection).accepted = presence.accept(document, connection, who.name.kind, who.principal, entries)
        }
      } catch (error) {
        if (!(error instanceof BadFrame) && !isRefusal(error)) log.error({ err: error, document: document.name }, 'could not check a message')
        const why = isRefusal(error) ? error : closeCodes.badFrame
        if (!isRefusal(error)) who.socket?.close(why)
        // Hocuspocus prints a line for each message whose hook throws: a flood of them would be one of lines.
        connection.close(why)
        intoClose(update)
      }
      return undefined
    },
    async beforeHandleAwareness({ states: sent, connection }) {
      const accepted = connection && stateOf(connection).accepted
      for (const client of sent.keys()) {
        const state = accepted?.get(client)
        if (state) sent.set(client, state)
        else sent.delete(client)
      }
    },
    async afterHandleMessage({ connection, document }) {
      const state = stateOf(connection)
      if (!state.accepted) return
      presence.settle(document, connection, state.accepted)
      state.accepted = undefined
    },
    async onStateless({ connection, document, payload }) {
      const message = parseStateless(payload)
      const context = connection.context as Context
      if (!message) return context.socket?.close(closeCodes.badFrame)
      const state = stateOf(connection)
      if (state.gaps === 0) answerMark(document, connection, message.mark)
      else if (state.held.length < 1_000) state.held.push(message.mark)
      return undefined
    },
  }
  return {
    hooks,
    /** Of a document that was just loaded. */
    watch: (document: SyncDocument) => void document.on('afterTransaction', (transaction) => dropPending(transaction, document)),
  }
}

const kindOf = ({ name }: Context): DocumentName['kind'] => name?.kind ?? 'session'

function parseStateless(payload: string): ClientStateless | undefined {
  try {
    return ClientStateless.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
