/**
 * Every gate and suite, one after the other; the last line is the sum: `N passed, N failed, N skipped`. A suite that
 * executed nothing has failed, unless the machine lacks what it needs: that is skipped aloud, or a failure as well when
 * ATRIUM_TEST_REQUIRE names it. Arguments choose suites: `npm test -- gates unit`.
 */
import { runBrowserSuite } from './browser-suite.ts'
import { runGates } from './gates.ts'
import type { Outcome } from './outcome.ts'
import { runVitest } from './vitest-suite.ts'

const minute = 60_000
const suites: Record<string, () => Promise<Outcome>> = {
  gates: runGates,
  unit: () => runVitest('unit', 10 * minute),
  client: () => runVitest('client', 10 * minute),
  integration: () => runVitest('integration', 40 * minute),
  browser: runBrowserSuite,
}

const chosen = process.argv.slice(2)
const unknown = chosen.find((name) => !(name in suites))
if (unknown) {
  console.error(`There is no suite ${unknown}; there are ${Object.keys(suites).join(', ')}.`)
  process.exit(2)
}

const required = (process.env.ATRIUM_TEST_REQUIRE ?? '').split(',').map((name) => name.trim())
const outcomes: Outcome[] = []
for (const [name, run] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  console.log(`\n── ${name} ──`)
  const outcome = judge(await run())
  outcomes.push(outcome)
}

console.log('\n── all suites ──')
for (const { name, passed, failed, skipped, failures, skips = [], unavailable } of outcomes) {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  if (unavailable) console.log(`  skipped: ${unavailable}`)
  for (const skip of skips) console.log(`  skipped: ${skip}`)
  for (const failure of failures) console.log(`  failed: ${failure}`)
}
const sum = (field: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[field], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0

function judge(outcome: Outcome): Outcome {
  if (outcome.unavailable && required.includes(outcome.name)) {
    return { ...outcome, unavailable: undefined, failed: 1, failures: [`ATRIUM_TEST_REQUIRE asks for it, but ${outcome.unavailable}`] } as Outcome
  }
  if (outcome.unavailable) return { ...outcome, skipped: 1 }
  if (outcome.passed + outcome.failed === 0) return { ...outcome, failed: 1, failures: ['nothing was executed'] }
  return outcome
}
