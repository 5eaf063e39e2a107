/** What one suite did. `unavailable` says why the machine could not run it at all. */
export type Outcome = { name: string; passed: number; failed: number; skipped: number; failures: string[]; skips?: string[]; unavailable?: string }
