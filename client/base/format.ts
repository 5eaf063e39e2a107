const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })

export const formatTime = (at: number) => time.format(at)
export const formatLongDay = (at: number) => longDay.format(at)
export const formatCount = (count: number) => compact.format(count)
export const dayOf = (at: number) => new Date(at).toDateString()

/** For lists: "Now", "4 min", "16:20", "Tue", "2 Oct". */
export function formatAgo(at: number, now: number): string {
  const ms = now - at
  if (ms < 60_000) return 'Now'
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (dayOf(at) === dayOf(now)) return time.format(at)
  if (ms < 6 * 86_400_000) return weekday.format(at)
  return day.format(at)
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
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : formatElapsed(ms)
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['KB', 'MB', 'GB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** "Ada", "Ada and Mei", "Ada, Mei and Tomás". */
export const formatNames = (names: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names)

/** What is left of a span: "8:41 left", "3 h left", "6 days left". */
export function formatLeft(ms: number): string {
  if (ms < 3_600_000) return `${formatElapsed(ms)} left`
  return ms < 48 * 3_600_000 ? `${Math.floor(ms / 3_600_000)} h left` : `${Math.floor(ms / 86_400_000)} days left`
}
