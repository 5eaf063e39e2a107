/**
 * A set-up of test files: what is waited for has a minute to come about, whatever else the machine does meanwhile. How fast it
 * comes is a matter of the benchmarks.
 */
import { vi } from 'vitest'

const leastMs = 60_000
const { waitFor } = vi
vi.waitFor = (condition, options) => {
  const given = typeof options === 'number' ? { timeout: options } : options
  return waitFor(condition, { interval: 20, ...given, timeout: Math.max(leastMs, given?.timeout ?? 0) })
}
