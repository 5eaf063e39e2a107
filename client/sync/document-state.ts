import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'

/**
 * What a component knows of a shared document.
 *   joining  not here yet     kept   as this browser last saw it, with what was edited here since
 *   ready    level with the server at least once
 *   denied   no right to it   gone   nothing stands behind the name
 * `doc` is replaced when edits made here were refused, so that nobody keeps looking at what nobody else has.
 */
export type DocumentState = {
  status: 'joining' | 'kept' | 'ready' | 'denied' | 'gone'
  access: 'read' | 'write'
  doc: Y.Doc
  awareness: Awareness | null
}

type Joined = Pick<DocumentState, 'doc' | 'awareness'>

export type DocumentEvent =
  /** What this browser kept was brought back. */
  | { type: 'restored'; access: 'read' | 'write' }
  /** The server said what this person may do. */
  | { type: 'access'; access: 'read' | 'write' }
  /** Everything the server has is here. */
  | { type: 'synced'; joined: Joined }
  /** Joined once more with an empty document; `refused`: what was shown holds edits that will never be accepted. */
  | { type: 'begun-again'; joined: Joined; refused: boolean }
  /** The server does not let this person in, for good. */
  | { type: 'shut'; as: 'denied' | 'gone' }

/** The state after an event; the same object when nothing of it changed. */
export function afterEvent(before: DocumentState, event: DocumentEvent): DocumentState {
  const next = { ...before, ...changeOf(before, event) }
  return (Object.keys(next) as (keyof DocumentState)[]).some((key) => next[key] !== before[key]) ? next : before
}

function changeOf({ status }: DocumentState, event: DocumentEvent): Partial<DocumentState> {
  switch (event.type) {
    case 'restored':
      return { status: 'kept', access: event.access }
    case 'access':
      return { access: event.access }
    case 'synced':
      return { status: 'ready', ...event.joined }
    case 'begun-again':
      // What was shown stays until the server's is here, unless nobody else will ever have it.
      return event.refused ? { status: 'joining', ...event.joined } : { awareness: event.joined.awareness }
    case 'shut':
      // Asked again for a document that is gone, the server only says that it is not allowed: `gone` stays.
      return { status: status === 'gone' ? 'gone' : event.as, access: 'read' }
  }
}

/** Refusals by their reason, as the server words them; everything else may pass by itself. */
const finalReasons: Record<string, 'denied' | 'gone' | 'signed-out'> = {
  'no access': 'denied',
  forbidden: 'denied',
  'permission-denied': 'denied',
  'not found': 'gone',
  not_found: 'gone',
  'sign in again': 'signed-out',
  unauthenticated: 'signed-out',
}

/** What a refusal means for good, or undefined when one may ask again. */
export const finalOf = (reason: string): 'denied' | 'gone' | 'signed-out' | undefined => finalReasons[reason]
