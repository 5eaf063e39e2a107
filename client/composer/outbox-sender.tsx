import { useMe } from '../base/me.ts'
import { canSend } from '../base/saved.ts'
import { useSavedPart } from '../base/use-document.ts'
import { useOutbox } from './use-outbox.ts'

/** Sends what was written before and not sent, wherever this person is. Shows nothing. */
export function OutboxSender() {
  useOutbox(useMe().id, useSavedPart(canSend))
  return null
}
