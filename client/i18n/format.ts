import { currentLanguage, t } from './translate.ts'

/** Dates, times, numbers and lists as the interface's language writes them. */

const made = new Map<string, unknown>()

/** Formatters are dear to make: one for each language and kind. */
function formatter<T>(kind: string, make: (language: string) => T): T {
  const language = currentLanguage()
  const key = `${language} ${kind}`
  const found = (made.get(key) as T | undefined) ?? make(language)
  made.set(key, found)
  return found
}
const dates = (kind: string, options: Intl.DateTimeFormatOptions) => formatter(kind, (language) => new Intl.DateTimeFormat(language, options))
const numbers = (kind: string, options: Intl.NumberFormatOptions) => formatter(kind, (language) => new Intl.NumberFormat(language, options))

export const formatTime = (at: number) => dates('time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
/** "November", and "December 2025" in another year. */
export const formatMonth = (at: number, now = Date.now()) =>
  new Date(at).getFullYear() === new Date(now).getFullYear()
    ? dates('month', { month: 'long' }).format(at)
    : dates('month-year', { month: 'long', year: 'numeric' }).format(at)
export const formatLongDay = (at: number) => dates('long-day', { weekday: 'long', day: 'numeric', month: 'long' }).format(at)
/** A day and a time, without the year: "6 Dec, 10:00". */
export const formatDay = (at: number) =>
  dates('day-time', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
export const formatDateTime = (at: number) => dates('date-time', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as never).format(at)
export const formatNumber = (value: number) => numbers('number', {}).format(value)
export const formatCount = (count: number) => numbers('compact', { notation: 'compact', maximumFractionDigits: 1 }).format(count)
export const formatPercent = (share: number) => numbers('percent', { style: 'percent', maximumFractionDigits: 0 }).format(share)
export const dayOf = (at: number) => new Date(at).toDateString()

/** For lists: "Now", "4 min", "16:20", "Tue", "2 Oct". */
export function formatAgo(at: number, now: number): string {
  const ms = now - at
  if (ms < 60_000) return t('ago.now')
  if (ms < 3_600_000) return t('ago.minutes', { count: Math.floor(ms / 60_000) })
  if (dayOf(at) === dayOf(now)) return formatTime(at)
  if (ms < 6 * 86_400_000) return dates('weekday', { weekday: 'short' }).format(at)
  return dates('day', { day: 'numeric', month: 'short' }).format(at)
}

/** A span being lived through: "0:07", "12:30", "1:02:05". */
export function formatElapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  return hours > 0 ? `${hours}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`
}

/** How long something took: "0.4 s", "12 s", "2:05". */
export function formatTook(ms: number): string {
  if (ms >= 60_000) return formatElapsed(ms)
  const digits = ms < 10_000 ? 1 : 0
  const unit = { style: 'unit', unit: 'second', unitDisplay: 'short', minimumFractionDigits: digits, maximumFractionDigits: digits } as const
  return numbers(`seconds-${digits}`, unit)
    .format(Math.max(0, ms) / 1000)
    .replace('sec', 's')
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  const digits = step > 0 && value < 10 ? 1 : 0
  const plain = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false } as const
  return `${numbers(`plain-${digits}`, plain).format(value)} ${units[step]}`
}

/** "Ada", "Ada and Mei", "Ada, Mei and Tomás". */
export const formatNames = (names: readonly string[]) =>
  formatter('names', (language) => new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' })).format(names)

/** What is left of a span: "8:41 left", "3 h left", "6 days left". */
export function formatLeft(ms: number): string {
  if (ms < 3_600_000) return t('left.exact', { time: formatElapsed(ms) })
  return ms < 48 * 3_600_000 ? t('left.hours', { count: Math.floor(ms / 3_600_000) }) : t('left.days', { count: Math.floor(ms / 86_400_000) })
}
