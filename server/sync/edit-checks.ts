import * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import { type Authors, ForeignAuthor } from './authors.ts'
import { checkContent } from './check-content.ts'
import { checkRepeats } from './check-repeats.ts'
import { sendStateless } from './connections.ts'
import { documentRules } from './document-kinds.ts'
import { checkStateVector, type Frame, syncStep, TooLarge } from './frames.ts'
import type { Context, Refusal, SyncConnection, SyncDocument } from './hocuspocus.ts'
import { inspectUpdate } from './inspect-update.ts'
import { limits } from './limits.ts'
import type { DocumentLog } from './log.ts'
import { createPersonBudgets } from './person-budgets.ts'

type Deps = { logOf(document: SyncDocument): DocumentLog | undefined; authors: Authors; now: () => number }

const tooLargeWords = 'This edit is too large, so it was not saved.'

/** What must be so for a message of the sync protocol to be taken. Each throws BadFrame or a Refusal when it is not. */
export function createEditChecks({ logOf, authors, now }: Deps) {
  const budgets = createPersonBudgets(limits.syncPerPerson, now)

  async function pay(document: SyncDocument, context: Context): Promise<void> {
    const paid = await context.socket?.payForSync(logOf(document)?.weight() ?? 0, budgets.of(context.principal?.userId ?? ('' as UserId)))
    if (paid === false) throw closeCodes.rateLimited satisfies Refusal
  }

  function fits(kind: DocumentKind, document: SyncDocument, more: number): boolean {
    const log = logOf(document)
    const most = documentRules[kind].people?.bytes ?? Number.POSITIVE_INFINITY
    if (!log || log.weight() + more <= most) return true
    log.setWeight(Y.encodeStateAsUpdate(document).length)
    return log.weight() + more <= most
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

  return {
    /** Checks the message itself and its sender. */
    async mayCome(frame: Frame, payload: Uint8Array, document: SyncDocument, connection: SyncConnection, context: Context): Promise<void> {
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
    },
    /** Checks what the edit does to the document as it is now: apply the edit at once, before anything else happens. */
    mayApply(payload: Uint8Array, document: SyncDocument, connection: SyncConnection, context: Context): void {
      try {
        checkContent(kindOf(context), document, payload)
        checkRepeats(document, payload)
      } catch (error) {
        if (error instanceof TooLarge) refuse(connection, tooLargeWords)
        throw asRefusal(error, connection)
      }
    },
  }
}

const kindOf = ({ name }: Context): DocumentKind => name?.kind ?? 'session'

/** The edit is not taken, its sender is told why, and the document is closed on that socket. */
function refuse(connection: SyncConnection, message: string): never {
  sendStateless(connection, { type: 'refused', code: 'too_large', message })
  throw closeCodes.tooLarge satisfies Refusal
}

function asRefusal(error: unknown, connection: SyncConnection): unknown {
  if (!(error instanceof ForeignAuthor)) return error
  sendStateless(connection, { type: 'refused', code: 'foreign_author', message: "This edit used someone else's client id." })
  return closeCodes.forbidden satisfies Refusal
}
