import type { Outcome } from './outcome.ts'
import { runProcess } from './run-process.ts'

/** Each gate is one program that exits with 0 when all is well. */
const gates: { name: string; args: string[] }[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--project', '.', '--noEmit', '--pretty', 'false'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--deny-warnings'] },
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check'] },
  { name: 'imports', args: ['server/launch/gates/imports.ts'] },
  { name: 'file size', args: ['server/launch/gates/file-size.ts'] },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
]

/** The static gates, each counted as a test. What a failing one says is printed in full. */
export async function runGates(): Promise<Outcome> {
  const outcome: Outcome = { name: 'gates', passed: 0, failed: 0, skipped: 0, failures: [] }
  for (const gate of gates) {
    const { code, output, ms } = await runProcess(gate.args, { timeoutMs: 180_000 })
    console.log(`  ${code === 0 ? '✓' : '✗'} ${gate.name} (${(ms / 1000).toFixed(1)} s)`)
    if (code === 0) outcome.passed += 1
    else {
      outcome.failed += 1
      outcome.failures.push(gate.name)
      console.log(output.replaceAll(/^/gm, '    '))
    }
  }
  return outcome
}
