import { useEffect, useSyncExternalStore } from 'react'
import type { UserId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { call } from '../api/api.ts'
import { setPending } from '../sync/pending.ts'
import { describeError } from '../api/describe-error.ts'
import { readStored, writeStored } from '../offline/stored.ts'
import { createOutbox, type Outbox, type Unsent } from './outbox.ts'

/** An answer that takes longer is not waited for: the message is sent again under its id. */
const patienceMs = 20_000

async function deliver({ sessionId, createIn, message }: Unsent): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs)
  if (createIn) await call(sessionCalls.createSession, { params: { id: createIn }, body: { id: sessionId }, signal })
  await call(sessionCalls.sendMessage, { params: { id: sessionId }, body: message, signal })
}

const open = new Map<UserId, Outbox>()

/** One person's outbox: the same for as long as the page lives, so that leaving a room stops nothing. */
function outboxOf(user: UserId): Outbox {
  const known = open.get(user)
  if (known) return known
  const key = `outbox:${user}`
  const outbox = createOutbox({
    deliver,
    keep: { read: () => readStored(key), write: (text) => writeStored(key, text) },
    describe: describeError,
    later(act, ms) {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
  })
  const count = () => setPending('messages', outbox.entries.get().filter((entry) => entry.status === 'waiting').length)
  outbox.entries.subscribe(count)
  count()
  window.addEventListener('online', () => outbox.retry())
  window.addEventListener('storage', (event) => {
    if (event.key === `atrium:${key}`) outbox.reread()
  })
  open.set(user, outbox)
  return outbox
}

/** What this person sent that the server does not have yet. What waits goes again whenever `connected` turns true. */
export function useOutbox(user: UserId, connected: boolean): { outbox: Outbox; entries: readonly Unsent[] } {
  const outbox = outboxOf(user)
  useEffect(() => {
    if (connected) outbox.retry()
  }, [outbox, connected])
  return { outbox, entries: useSyncExternalStore(outbox.entries.subscribe, outbox.entries.get) }
}
