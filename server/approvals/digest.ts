import { createHash } from 'node:crypto'

/** Names arguments by what they say: the same for the same values in any order of their fields. SHA-256, hex. */
export const digestOf = (args: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(args ?? null, sorted))
    .digest('hex')

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
