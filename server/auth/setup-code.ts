import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Without letters and digits that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLength = 5

const normal = (code: string) => code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
const digest = (code: string) => createHash('sha256').update(normal(code)).digest()

/**
 * Who makes the first account manages everything. Whoever is not at the machine itself shows by this code that they see its
 * console. Nearly 100 random bits, never stored: a new one at each start, or with a secret that of all processes which have it.
 */
export function createSetupCode(secret?: string) {
  const bytes = createHmac('sha512', secret ?? randomBytes(32))
    .update('atrium: setup code')
    .digest()
  // Bytes beyond the last whole alphabet would favour its first letters.
  const letters = [...bytes].filter((byte) => byte < 256 - (256 % alphabet.length)).map((byte) => alphabet[byte % alphabet.length])
  const code = Array.from({ length: groups }, (_, at) => letters.slice(at * groupLength, (at + 1) * groupLength).join('')).join('-')
  const expected = digest(code)
  return {
    code,
    /** However people write it, and as long for every answer. */
    matches: (given: string): boolean => timingSafeEqual(digest(given), expected),
  }
}
