import { useMe } from '../base/me.ts'
import { useSaved } from '../base/use-document.ts'
import { useOutbox } from './use-outbox.ts'

/** Sends what was written before and not sent, wherever this person is. Shows nothing. */
export function OutboxSender() {
  const { status } = useSaved()
  useOutbox(useMe().id, status === 'saved' || status === 'saving' || status === 'read-only')
  return null
}
