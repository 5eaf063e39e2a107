import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { nothingYet, type Outcome } from './outcome.ts'
import { readReport } from './read-report.ts'
import { root } from './root.mjs'
import { runProcess } from './run-process.ts'

type Assertion = { fullName: string; status: string; failureMessages?: string[]; meta?: { skipped?: string } }
type Report = {
  testResults: { name: string; status: string; message: string; assertionResults: Assertion[] }[]
}

/** Runs one project of vite.config.ts, or those of its files whose path has one of `paths` in it. A file that cannot be loaded, or an error outside any test, counts as a failure. */
export async function runVitest(project: string, timeoutMs: number, paths: readonly string[] = []): Promise<Outcome> {
  const file = join(tmpdir(), `atrium-${project}-${process.pid}.json`)
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...paths,
    '--project',
    project,
    '--retry=1',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const { code } = await runProcess(args, { show: process.stdout, timeoutMs })
  const outcome = nothingYet(project)
  for (const result of readReport<Report>(file)?.testResults ?? []) {
    const tests = result.assertionResults
    outcome.passed += tests.filter(({ status }) => status === 'passed').length
    const failed = tests.filter(({ status }) => status === 'failed')
    const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
    outcome.skipped += skipped.length
    const file = relative(root, result.name)
    const retried = tests.filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
    outcome.retried.push(...retried.map(({ fullName, failureMessages }) => `${file} › ${fullName}: ${failureMessages?.[0]?.split('\n')[0]}`))
    outcome.skips.push(...skipped.map(({ fullName, meta }) => ({ test: `${file} › ${fullName}`, reason: meta?.skipped ?? 'no reason was given' })))
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
