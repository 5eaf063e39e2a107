import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from './outcome.ts'
import { runProcess } from './run-process.ts'
import { readReport } from './read-report.ts'

type Report = {
  testResults: { name: string; status: string; message: string; assertionResults: { fullName: string; status: string }[] }[]
}

/** Runs one project of vite.config.ts. A file that cannot be loaded, or an error outside any test, counts as a failure. */
export async function runVitest(project: string, timeoutMs: number): Promise<Outcome> {
  const file = join(tmpdir(), `atrium-${project}-${process.pid}.json`)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code } = await runProcess(args, { show: true, timeoutMs })
  const outcome: Outcome = { name: project, passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
  for (const result of readReport<Report>(file)?.testResults ?? []) {
    const tests = result.assertionResults
    outcome.passed += tests.filter(({ status }) => status === 'passed').length
    const failed = tests.filter(({ status }) => status === 'failed')
    const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
    outcome.skipped += skipped.length
    outcome.skips?.push(...skipped.map(({ fullName }) => fullName))
    outcome.failed += failed.length
    outcome.failures.push(...failed.map(({ fullName }) => fullName))
    if (result.status === 'failed' && failed.length === 0) {
      outcome.failed += 1
      outcome.failures.push(`${result.name}: ${result.message.split('\n')[0]}`)
    }
  }
  if (code !== 0 && outcome.failed === 0) {
    outcome.failed = 1
    outcome.failures.push(`${project} ended with code ${code}`)
  }
  return outcome
}
