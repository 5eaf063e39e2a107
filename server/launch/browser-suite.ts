import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nothingYet, type Outcome } from './outcome.ts'
import { lackOf } from '../testing/require.ts'
import { readReport } from './read-report.ts'
import { runProcess } from './run-process.ts'

type Suite = {
  title: string
  suites?: Suite[]
  specs?: { title: string; tests: { status: string; annotations: { type: string; description?: string }[] }[] }[]
}
type Report = { suites: Suite[]; errors: { message?: string }[] }

/** Playwright's journeys, in whatever Chromium there is. What they leave behind goes into a folder of test-results. */
export async function runBrowserSuite(folder = 'journeys'): Promise<Outcome> {
  const outcome = nothingYet('browser')
  const lack = await lackOf('browser')
  if (lack !== undefined) return { ...outcome, unavailable: lack }
  const file = join(tmpdir(), `atrium-browser-${process.pid}.json`)
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts']
  const args = [...playwright, '--reporter=list,json', '--retries=1', '--output', `test-results/${folder}`]
  const { code } = await runProcess(args, { show: process.stdout, timeoutMs: 60 * 60_000, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } })
  const report = readReport<Report>(file)
  for (const suite of report?.suites ?? []) count(suite, [], outcome)
  for (const { message } of report?.errors ?? []) {
    outcome.failed += 1
    outcome.failures.push(message?.split('\n')[0] ?? 'an error outside any test')
  }
  if (code !== 0 && outcome.failed === 0) {
    outcome.failed = 1
    outcome.failures.push(`playwright ended with code ${code}`)
  }
  return outcome
}

function count(suite: Suite, above: string[], outcome: Outcome) {
  for (const { title, tests } of suite.specs ?? []) {
    const name = [...above, suite.title, title].join(' › ')
    for (const { status, annotations } of tests) {
      if (status === 'flaky') outcome.retried.push(name)
      if (status === 'expected' || status === 'flaky') outcome.passed += 1
      else if (status === 'skipped') {
        outcome.skipped += 1
        const why = annotations.find(({ type }) => type === 'skip')?.description
        outcome.skips.push({ test: name, reason: why ?? 'no reason was given' })
      } else {
        outcome.failed += 1
        outcome.failures.push(name)
      }
    }
  }
  for (const inner of suite.suites ?? []) count(inner, [...above, suite.title], outcome)
}
