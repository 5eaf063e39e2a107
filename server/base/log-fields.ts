import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import type { ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'

/** To what a line of the log belongs. Ids of ours only: never a text, an address or a secret. */
export type LogFields = {
  /** The request that came in, or the one that caused what goes on now. */
  requestId?: string | undefined
  /** Who asked for it. */
  userId?: UserId | undefined
  projectId?: ProjectId | undefined
  sessionId?: SessionId | undefined
  runId?: RunId | undefined
  /** The background job that does it. */
  job?: string | undefined
}

const storage = new AsyncLocalStorage<LogFields>()

/** What is known here: every line that is logged has it (see `createLogger`). */
export const logFields = (): Readonly<LogFields> => storage.getStore() ?? {}

/** Whatever `work` does and begins is logged with these fields, beside those that are known already. */
export const withLogFields = <T>(fields: LogFields, work: () => T): T => storage.run({ ...storage.getStore(), ...known(fields) }, work)

/** The same with these fields alone: of what many share, and what outlives whoever happened to begin it. */
export const withOnlyLogFields = <T>(fields: LogFields, work: () => T): T => storage.run(known(fields), work)

/** Learned on the way, as who asks: for all that goes on under the innermost `withLogFields`, also for what it began before. */
export function learnLogFields(fields: LogFields): void {
  const store = storage.getStore()
  if (store) Object.assign(store, known(fields))
}

/** Whoever listens to the emitter works with these fields: a socket's events come from outside of any request. */
export function carryLogFields(emitter: EventEmitter, fields: LogFields): void {
  const emit = emitter.emit.bind(emitter)
  emitter.emit = (name: string | symbol, ...args: unknown[]) => withLogFields(fields, () => emit(name, ...args))
}

/** What is not known takes nothing away. */
const known = (fields: LogFields): LogFields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
