import { nothingYet, type Outcome } from './outcome.ts'
import { runProcess } from './run-process.ts'

/** Each gate is one program that exits with 0 when all is well; one that `says` a figure has it printed. */
const gates: { name: string; args: string[]; says?: boolean }[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--project', '.', '--noEmit', '--pretty', 'false'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--deny-warnings'] },
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check'] },
  { name: 'imports', args: ['server/launch/gates/imports.ts'] },
  { name: 'file size', args: ['server/launch/gates/file-size.ts'] },
  { name: 'script size', args: ['server/launch/gates/script-size.ts'], says: true },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
]

/** The static gates, each counted as a test. What a failing one says is printed in full. */
export async function runGates(): Promise<Outcome> {
  const outcome = nothingYet('gates')
  for (const gate of gates) {
    const { code, output, ms } = await runProcess(gate.args, { timeoutMs: 600_000 })
    const said = code === 0 && gate.says ? `: ${output.trim()}` : ''
    console.log(`  ${code === 0 ? '✓' : '✗'} ${gate.name} (${(ms / 1000).toFixed(1)} s)${said}`)
    if (code === 0) outcome.passed += 1
    else {
      outcome.failed += 1
      outcome.failures.push(gate.name)
      console.log(output.replaceAll(/^/gm, '    '))
    }
  }
  return outcome
}
