import { type ConnectionTransactionOrigin, isTransactionOrigin } from '@hocuspocus/server'
import * as Y from 'yjs'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { ClientStateless } from '#shared/wire/stateless.ts'
import type { Logger } from '../base/logger.ts'
import type { Authors } from './authors.ts'
import { sendStateless } from './connections.ts'
import { documentRules } from './document-kinds.ts'
import { createEditChecks } from './edit-checks.ts'
import { BadFrame, type Frame, intoClose, intoEmpty, messageType, readFrame, step1Frame, syncStep } from './frames.ts'
import { dropEdit, type Gaps, type GapStep, noGaps, takeEdit, takeMark } from './gap-rules.ts'
import { type Context, type Hooks, isRefusal, type SyncConnection, type SyncDocument } from './hocuspocus.ts'
import type { DocumentLog } from './log.ts'
import { type AwarenessEntry, createPresenceOwners, readAwareness } from './presence.ts'

type State = {
  /** States that the message now being handled may show. */
  accepted: Map<number, object> | undefined
  gaps: Gaps
  /** The edit being handled is one of which something before it is missing. */
  missing: boolean
}

type Deps = { logOf(document: SyncDocument): DocumentLog | undefined; authors: Authors; now: () => number; log: Logger }

/** What every message of every connection passes before and after Hocuspocus handles it. */
export function createMessageGuard({ logOf, authors, now, log }: Deps) {
  const states = new WeakMap<SyncConnection, State>()
  const presence = createPresenceOwners()
  const checks = createEditChecks({ logOf, authors, now })

  const stateOf = (connection: SyncConnection) => {
    let state = states.get(connection)
    if (!state) states.set(connection, (state = { accepted: undefined, gaps: noGaps, missing: false }))
    return state
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

  /** Does what the gap rules say after one message: closes, asks for what is missing, answers marks. */
  function settleGaps({ gaps, next, answer }: GapStep, document: SyncDocument, connection: SyncConnection, context: Context) {
    stateOf(connection).gaps = gaps
    if (next === 'close') context.socket?.close(closeCodes.badFrame)
    if (next === 'ask') connection.send(step1Frame(connection.messageAddress, Y.encodeStateVector(document)))
    for (const mark of answer) answerMark(document, connection, mark)
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

  async function takeSync(frame: Frame, document: SyncDocument, connection: SyncConnection, context: Context, update: Uint8Array): Promise<void> {
    const payload = frame.payload ?? new Uint8Array()
    await checks.mayCome(frame, payload, document, connection, context)
    if (connection.readOnly || frame.step === syncStep.step1) return
    checks.mayApply(payload, document, connection, context)
    apply(payload, document, connection)
    intoEmpty(update)
    const state = stateOf(connection)
    const step = state.missing ? dropEdit(state.gaps) : takeEdit(state.gaps, frame.step === syncStep.step2)
    state.missing = false
    settleGaps(step, document, connection, context)
  }

  /** Nobody shows a cursor under a client id that somebody else, or an agent, writes under. */
  async function mayShow(document: SyncDocument, { name, principal }: Context, entries: AwarenessEntry[]): Promise<AwarenessEntry[]> {
    if (!name || documentRules[name.kind].cursors === 'of anybody') return entries
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
          await takeSync(frame, document, connection, who, update)
        } else if (frame.type === messageType.awareness && who.principal && who.name) {
          const entries = await mayShow(document, who, readAwareness(frame.payload ?? new Uint8Array()))
          stateOf(connection).accepted = presence.accept(document, connection, who.name.kind, who.principal, entries)
        }
      } catch (error) {
        if (!(error instanceof BadFrame) && !isRefusal(error)) log.error({ err: error, document: document.name }, 'could not check a message')
        const why = isRefusal(error) ? error : closeCodes.badFrame
        if (!isRefusal(error)) who.socket?.close(why)
        // Hocuspocus prints a line for each message whose hook throws: a flood of messages would flood the log.
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
      settleGaps(takeMark(stateOf(connection).gaps, message.mark), document, connection, context)
      return undefined
    },
  }
  return {
    hooks,
    /** Of a document that was just loaded. */
    watch: (document: SyncDocument) => void document.on('afterTransaction', (transaction) => dropPending(transaction, document)),
  }
}

function parseStateless(payload: string): ClientStateless | undefined {
  try {
    return ClientStateless.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
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
