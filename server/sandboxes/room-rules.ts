import type { Live, Room } from './room.ts'

/*
 * What is due for a sandbox, from what is known of its room. Pure: `now` and every span are handed in, in milliseconds.
 */

/** Somebody is in its room, or a command or a watch goes on. */
export const isInUse = ({ holds }: Pick<Live, 'holds'>, people: number): boolean => people > 0 || holds > 0

/** Nobody uses it, and nobody has for so long. */
export const isIdle = (live: Pick<Live, 'holds' | 'usedAt'>, people: number, now: number, idleMs: number): boolean =>
  !isInUse(live, people) && now - live.usedAt >= idleMs

/** The time a provider gives to a sandbox at `now`, and from when on it is asked for more. */
export const timeGiven = (now: number, { idleMs, renewMs }: { idleMs: number; renewMs: number }): Pick<Live, 'endAt' | 'renewAt'> => ({
  endAt: now + idleMs,
  renewAt: now + Math.min(idleMs / 3, renewMs),
})

/** After one more failed start: twice as long each time, up to 16 times `retryMs`. */
export const nextRetry = ({ times }: Room['retry'], now: number, retryMs: number): Room['retry'] => ({
  at: now + retryMs * 2 ** Math.min(times, 4),
  times: times + 1,
})

/** Of a sandbox that does not run. @param memoryMs how long a paused one keeps its memory; undefined where that costs this machine nothing */
export function dueWhileAsleep(
  { state, retry }: Pick<Room, 'state' | 'retry'>,
  { people, now, memoryMs }: { people: number; now: number; memoryMs: number | undefined },
): 'drop_memory' | 'start_again' | undefined {
  if (state.status === 'paused' && memoryMs !== undefined && now - state.since >= memoryMs) return 'drop_memory'
  return state.status === 'failed' && now >= retry.at && people > 0 ? 'start_again' : undefined
}
