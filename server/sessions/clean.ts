/**
 * A value as Postgres can keep it: strings lose NUL characters and lone surrogates, which neither `text` nor `jsonb` holds.
 * Models and commands send both. Plain JSON only; `undefined` fields are dropped.
 */
export function clean<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T
  if (Array.isArray(value)) return value.map((part) => clean(part ?? null)) as T
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined)
    return Object.fromEntries(entries.map(([key, part]) => [cleanText(key), clean(part)])) as T
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return null as T
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value) as T
  return value
}

// oxlint-disable-next-line no-control-regex -- NUL is what is replaced
export const cleanText = (text: string) => text.replace(/\u0000/g, '\uFFFD').toWellFormed()
