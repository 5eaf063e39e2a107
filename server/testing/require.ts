/** What a machine may lack. */
export type Requirement = 'sandbox' | 'browser' | 'postgres'

/**
 * Whether tests that need `name` can run: `describe.skipIf(!requireOrSkip('sandbox', found, 'bubblewrap is not installed'))`.
 * Says aloud why they are skipped.
 * @throws Error when `ATRIUM_TEST_REQUIRE` (names, separated by commas) lists it: the skip is then a failure.
 */
export function requireOrSkip(name: Requirement, available: boolean, reason: string): boolean {
  if (available) return true
  const required = (process.env.ATRIUM_TEST_REQUIRE ?? '').split(',').map((part) => part.trim())
  if (required.includes(name)) throw new Error(`ATRIUM_TEST_REQUIRE asks for ${name}: ${reason}`)
  console.warn(`skipped: tests that need ${name}: ${reason}`)
  return false
}
