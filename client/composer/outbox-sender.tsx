import { useMe } from '../api/me.ts'
import { canSend } from '../sync/saved.ts'
import { useSavedPart } from '../sync/use-document.ts'
import { useOutbox } from './use-outbox.ts'

/** Sends what was written before and not sent, wherever this person is. Shows nothing. */
export function OutboxSender() {
  useOutbox(useMe().id, useSavedPart(canSend))
  return null
}
