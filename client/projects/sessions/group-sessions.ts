import { dayOf } from '../../i18n/format.ts'

/** Sessions of one stretch of time. `at`: a moment of it. */
export type DayGroup<T> = { key: string; day: 'today' | 'yesterday' | 'week' | 'month'; at: number; sessions: readonly T[] }

/**
 * Sessions by the day of their last activity, as this person's clock has it: today, yesterday, the seven days before today,
 * and by month. They must come newest first, and keep their order.
 */
export function groupSessions<T extends { updatedAt: number }>(sessions: readonly T[], now: number): DayGroup<T>[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  // Days are not all of 24 hours: they begin at the midnights of the calendar.
  const before = (days: number) => new Date(midnight).setDate(new Date(midnight).getDate() - days)
  const dayFor = (at: number): DayGroup<T>['day'] => {
    if (at >= midnight || dayOf(at) === dayOf(now)) return 'today'
    if (at >= before(1)) return 'yesterday'
    return at >= before(7) ? 'week' : 'month'
  }
  const keyOf = ({ updatedAt }: T) => {
    const day = dayFor(updatedAt)
    const date = new Date(updatedAt)
    return day === 'month' ? `${day} ${date.getFullYear()} ${date.getMonth()}` : day
  }
  return [...Map.groupBy(sessions, keyOf)].map(([key, those]) => {
    const at = those[0]?.updatedAt ?? now
    return { key, day: dayFor(at), at, sessions: those }
  })
}
