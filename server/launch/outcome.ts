/** A test that was skipped, by the path of its file and its titles, and why: what the machine lacks and what mends it. */
export type Skip = { test: string; reason: string }

/** What one suite did. `unavailable` says why the machine could not run it at all. */
export type Outcome = {
  name: string
  passed: number
  failed: number
  skipped: number
  failures: string[]
  skips: Skip[]
  /** What failed once and then passed: no failure of the run, and a fault that somebody has to find. */
  retried: string[]
  unavailable?: string
}

/** A suite before its first test. */
export const nothingYet = (name: string): Outcome => ({ name, passed: 0, failed: 0, skipped: 0, failures: [], skips: [], retried: [] })
