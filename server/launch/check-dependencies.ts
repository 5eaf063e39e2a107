import { spawnSync } from 'node:child_process'
import { z } from 'zod'
import { brokenHere } from './lock-rules.ts'
import { root } from './root.mjs'

const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), range: z.string(), via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])) }),
  ),
})

/** Of a severity below these it is told, and nothing fails. */
const grave = new Set(['high', 'critical'])

/**
 * `npm run check-dependencies`: how dependencies are named and locked, and what the registry knows of what the product runs with.
 * Exit code 1 for a fault or a known hole of high severity, 2 when the registry could not be asked.
 */
function check(): number {
  const broken = brokenHere()
  for (const line of broken) console.log(`✗ ${line}`)
  if (broken.length === 0) console.log('✓ exact versions, each with its digest, from the registry; no unknown install script')

  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  const report = Report.safeParse(parsed(stdout))
  if (!report.success) {
    console.log('✗ known holes: not checked, because the registry did not answer `npm audit`. Try again where it does.')
    return broken.length > 0 ? 1 : 2
  }
  const holes = Object.entries(report.data.vulnerabilities)
  for (const [name, { severity, range, via }] of holes) {
    const why = via.flatMap((one) => (typeof one === 'string' ? [] : [`${one.title} (${one.url})`])).join('; ')
    console.log(`${grave.has(severity) ? '✗' : '·'} ${name}${range && ` ${range}`}: ${severity}${why && `, ${why}`}`)
  }
  const bad = holes.filter(([, { severity }]) => grave.has(severity)).length
  if (bad === 0) console.log(`✓ no known hole of high severity in what the product runs with${holes.length > 0 ? `; ${holes.length} lesser` : ''}`)
  return broken.length + bad > 0 ? 1 : 0
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

process.exitCode = check()
