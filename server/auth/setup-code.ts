import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/** Without letters and digits that look alike. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLength = 5

const normal = (code: string) => code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
const digest = (code: string) => createHash('sha256').update(normal(code)).digest()

/**
 * Who makes the first account manages everything. Whoever is not at the machine itself shows by this code that they see its
 * console. A new one at each start, nearly 100 random bits, never stored.
 */
export function createSetupCode() {
  const group = () => Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  const code = Array.from({ length: groups }, group).join('-')
  const expected = digest(code)
  return {
    code,
    /** However people write it, and as long for every answer. */
    matches: (given: string): boolean => timingSafeEqual(digest(given), expected),
  }
}
