import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { nothingYet, type Outcome, type Skip } from './outcome.ts'
import { readReport } from './read-report.ts'
import { root } from './root.mjs'
import { runProcess } from './run-process.ts'

/** What is skipped on a bare machine, one test a line after the names of what it needs. Written anew with ATRIUM_TEST_RECORD=1. */
const list = join(root, '.ci', 'skipped-when-bare')

/**
 * The tests that need a program of the machine, and the journeys, with those programs hidden: each test passes, or is
 * skipped as the list says. Anything else is a failure.
 * @param show is given its output as it comes
 */
export async function runBareSuite(show: Writable): Promise<Outcome> {
  const outcome = nothingYet('bare machine')
  const file = join(tmpdir(), `atrium-bare-${process.pid}.json`)
  const env = { ATRIUM_TEST_REQUIRE: '', ATRIUM_CHROMIUM: 'npm' }
  const { code } = await runProcess(['server/launch/run-bare.ts', file], { show, timeoutMs: 90 * 60_000, env, through: '.ci/bare' })
  for (const { passed, failed, skipped, failures, skips, retried, unavailable } of readReport<Outcome[]>(file) ?? []) {
    outcome.passed += passed
    outcome.failed += failed
    outcome.skipped += skipped
    outcome.failures.push(...failures)
    outcome.skips.push(...skips)
    outcome.retried.push(...retried)
    if (unavailable !== undefined) addFailure(outcome, unavailable)
  }
  if (code !== 0) addFailure(outcome, `it ended with code ${code}`)
  if (process.env.ATRIUM_TEST_RECORD === '1') writeFileSync(list, outcome.skips.map(lineOf).toSorted().join('\n') + '\n')
  for (const difference of compare(outcome.skips.map(lineOf), readFileSync(list, 'utf8').split('\n'))) addFailure(outcome, difference)
  return outcome
}

function addFailure(outcome: Outcome, failure: string) {
  outcome.failed += 1
  outcome.failures.push(failure)
}

/** `desktop, figures: path › title` */
export function lineOf({ test, reason }: Skip): string {
  const needs = [...reason.matchAll(/\bneeds (\w+): /g)].map(([, name]) => name)
  return `${needs.length > 0 ? needs.join(', ') : 'no reason'}: ${test}`
}

/** How the tests that were skipped differ from those that may be, one sentence each. */
export function compare(skipped: readonly string[], listed: readonly string[]): string[] {
  const expected = listed.filter((line) => line !== '')
  return [
    ...skipped.filter((line) => !expected.includes(line)).map((line) => `skipped, and not listed: ${line}`),
    ...expected.filter((line) => !skipped.includes(line)).map((line) => `listed, and not skipped: ${line}`),
  ]
}
