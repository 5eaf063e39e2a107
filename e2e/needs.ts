import { test } from '@playwright/test'
import { lackOf, type Requirement } from '../server/testing/require.ts'

/** Skips the test that it is called in when this machine lacks one of them, and says what mends it. */
export async function skipUnless(...names: Requirement[]): Promise<void> {
  for (const name of names) {
    const reason = await lackOf(name)
    test.skip(reason !== undefined, `needs ${name}: ${reason}`)
  }
}
