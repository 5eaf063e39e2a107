import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { outboxLimits } from './limits.ts'
import type { Listeners } from './port.ts'
import { DomainEvent } from './schema.ts'
import type { Claimed } from './store.ts'

export type Hearing = { feature: string; on: Listeners }

/** Tells every feature, one after the other; one that fails keeps no other from it. @returns whether all have heard */
export function tellFeatures(hearing: readonly Hearing[], claimed: Claimed, log: Logger): Promise<boolean> {
  const { requestId, projectId, causedBy } = claimed
  const by = causedBy?.kind === 'user' ? { userId: causedBy.id } : { runId: causedBy?.id }
  const fields = { ...by, requestId: requestId ?? undefined, projectId: projectId ?? undefined }
  return withOnlyLogFields(fields, () => tellAll(hearing, claimed, log))
}

async function tellAll(hearing: readonly Hearing[], { id, type, payload, attempts }: Claimed, log: Logger): Promise<boolean> {
  const parsed = DomainEvent.safeParse({ ...(payload as object), type })
  if (!parsed.success) {
    // Of another version of this server, which may be here again.
    log.warn({ event: type, eventId: id }, 'an event that is stored cannot be read')
    return false
  }
  log.debug({ event: type, eventId: id }, 'delivering an event')
  let heard = true
  for (const { feature, on } of hearing) {
    const listener = on[type] as ((event: DomainEvent) => unknown) | undefined
    if (!listener) continue
    try {
      await within(outboxLimits.listenerMs, async () => listener(parsed.data))
    } catch (error) {
      heard = false
      const isLast = attempts >= outboxLimits.attempts
      const line = { err: error, event: type, eventId: id, feature, attempts }
      if (isLast) log.error(line, 'an event was given up: a feature failed each time it was told')
      else log.warn(line, 'a feature failed when it was told of an event, and is told again')
    }
  }
  return heard
}

/** @throws Error when it takes longer */
async function within(ms: number, work: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`it took longer than ${ms / 1000} s`)), ms).unref()
  try {
    await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
