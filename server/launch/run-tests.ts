/**
 * Every gate and suite, one after the other; the last line is the sum: `N passed, N failed, N skipped`. A suite that
 * executed nothing has failed, unless the machine lacks what it needs: that is skipped aloud, or a failure as well when
 * ATRIUM_TEST_REQUIRE names it. What fails is tried once more; what passes then is told with the sum. Arguments choose suites: `npm test -- gates unit`. `bare` is a second pass, run only when it
 * is chosen, beside the suites and shown after them: it has a line of its own before the sum, which counts nothing of it but
 * its failures.
 */
import { requirements } from '../testing/require.ts'
import { runBareSuite } from './bare-suite.ts'
import { runBrowserSuite } from './browser-suite.ts'
import { runGates } from './gates.ts'
import { holdOutput } from './held-output.ts'
import { nothingYet, type Outcome } from './outcome.ts'
import { runVitest } from './vitest-suite.ts'

const minute = 60_000
const suites: Record<string, () => Promise<Outcome>> = {
  gates: runGates,
  unit: () => runVitest('unit', 20 * minute),
  client: () => runVitest('client', 20 * minute),
  integration: () => runVitest('integration', 60 * minute),
  browser: runBrowserSuite,
}

const chosen = process.argv.slice(2)
const names = [...Object.keys(suites), 'bare']
refuse(
  chosen.find((name) => !names.includes(name)),
  (name) => `There is no suite ${name}; there are ${names.join(', ')}.`,
)
refuse(
  (process.env.ATRIUM_TEST_REQUIRE ?? '')
    .split(',')
    .map((name) => name.trim())
    .find((name) => !['', 'all', ...requirements].includes(name)),
  (name) => `ATRIUM_TEST_REQUIRE may name ${requirements.join(', ')} or all; ${name} is none of them.`,
)

const secondPass = holdOutput()
let bareRun: Promise<Outcome> | undefined
const beginBare = () => (bareRun ??= runBareSuite(secondPass.input).catch((error: unknown) => notRun('bare machine', error)))

const outcomes: Outcome[] = []
for (const [name, run] of Object.entries(suites)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  // The gates have the machine to themselves.
  if (chosen.includes('bare') && name !== 'gates') void beginBare()
  console.log(`\n── ${name} ──`)
  outcomes.push(judge(await run().catch((error: unknown) => notRun(name, error))))
}
let bare: Outcome | undefined
if (chosen.includes('bare')) {
  console.log('\n── bare machine ──')
  bare = judge(await secondPass.showUntil(beginBare(), process.stdout))
}

console.log('\n── all suites ──')
for (const outcome of outcomes) {
  console.log(`${outcome.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`)
  tell(outcome)
}
if (bare) {
  tell(bare)
  const asListed = bare.failures.length === 0 ? ' (as listed)' : ''
  console.log(`${bare.name}: ${bare.passed} passed, ${bare.failed} failed, ${bare.skipped} skipped${asListed}`)
}
const sum = (field: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[field], 0)
const failed = sum('failed') + (bare?.failed ?? 0)
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
process.exitCode = failed > 0 || sum('passed') + (bare?.passed ?? 0) === 0 ? 1 : 0

/** Ends the process when there is something that cannot be meant. */
function refuse(strange: string | undefined, why: (strange: string) => string): void {
  if (strange === undefined) return
  console.error(why(strange))
  process.exit(2)
}

function notRun(name: string, error: unknown): Outcome {
  return { ...nothingYet(name), failed: 1, failures: [error instanceof Error ? error.message : String(error)] }
}

function judge(outcome: Outcome): Outcome {
  if (outcome.unavailable !== undefined) return { ...outcome, skipped: 1 }
  if (outcome.passed + outcome.failed === 0) return { ...outcome, failed: 1, failures: ['nothing was executed'] }
  return outcome
}

function tell({ skips, failures, retried, unavailable }: Outcome): void {
  if (unavailable !== undefined) console.log(`  skipped: needs browser: ${unavailable}`)
  for (const { test, reason } of skips) console.log(`  skipped: ${test} (${reason})`)
  for (const test of retried) console.log(`  passed only at the second try: ${test}`)
  for (const failure of failures) console.log(`  failed: ${failure}`)
}
