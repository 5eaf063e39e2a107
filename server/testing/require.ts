import { spawnSync } from 'node:child_process'
import { findBrowser } from '../launch/browser.ts'
import { desktopPrograms } from '../sandboxes/host/agent/desktop-script.ts'
import type { Level } from '../sandboxes/host/isolation/plan.ts'
import { probeIsolation } from '../sandboxes/host/isolation/probe.ts'
import { findLacks, lackOfPrograms } from '../sandboxes/host/lacks.ts'
import { lackOfOwnNetworks } from './own-network.ts'
import { lackOfPooler } from './pooler.ts'
import { findPostgres } from './postgres-cluster.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped, and what mends it. */
    skipped?: string
  }
}

/** Asked of a machine, each by the probe that the product itself uses: why it is not there and what mends it, or undefined. */
const probes = {
  async sandbox() {
    const { isolator, detail } = await probeIsolation({ unsafe: false })
    return isolator ? undefined : detail
  },
  bubblewrap: () => lackOfLevel('bubblewrap'),
  namespaces: () => lackOfLevel('namespaces'),
  unfiltered: () => lackOfLevel('unfiltered'),
  async desktop() {
    // Tests also look at what reaches the display, and at its clipboard.
    const lack = await lackOfPrograms('desktop', { ...desktopPrograms, xinput: 'xinput', xclip: 'xclip' })
    return lack && `${lack.detail}: ${lack.install}`
  },
  python: () => firstLack('python'),
  figures: () => firstLack('figures'),
  async postgres() {
    return findPostgres() ? undefined : 'no initdb is in /usr/lib/postgresql or on PATH: apt install postgresql'
  },
  async pooler() {
    return lackOfPooler()
  },
  async nginx() {
    return spawnSync('nginx', ['-v']).status === 0 ? undefined : 'nginx is not installed: apt install nginx'
  },
  async networks() {
    return lackOfOwnNetworks()
  },
  async browser() {
    return (await findBrowser()) ? undefined : 'no Chrome or Chromium was found: apt install chromium, or set ATRIUM_CHROMIUM to the path of one'
  },
} satisfies Record<string, () => Promise<string | undefined>>

async function lackOfLevel(only: Level) {
  const { isolator, detail } = await probeIsolation({ unsafe: false, only })
  return isolator ? undefined : detail
}

async function firstLack(need: 'python' | 'figures') {
  const [lack] = await findLacks([need])
  return lack && `${lack.detail}: ${lack.install}`
}

/** What a machine may lack. */
export type Requirement = keyof typeof probes
/** What no program gives, only whoever runs the machine: a container may not have it. */
const rights: readonly string[] = ['networks']

export const requirements = Object.keys(probes) as Requirement[]

const asked = new Map<Requirement, Promise<string | undefined>>()

/**
 * Why this machine lacks `name`, and what mends it; undefined when it has it. Looked for once in a process.
 * @throws Error when it lacks it and `ATRIUM_TEST_REQUIRE` (names, separated by commas, or `all` that programs give) lists it: the skip is
 *   then a failure
 */
export async function lackOf(name: Requirement): Promise<string | undefined> {
  if (!asked.has(name)) asked.set(name, probes[name]())
  const reason = await asked.get(name)
  const required = (process.env.ATRIUM_TEST_REQUIRE ?? '').split(',').map((part) => part.trim())
  if (reason !== undefined && (required.includes(name) || (required.includes('all') && !rights.includes(name))))
    throw new Error(`ATRIUM_TEST_REQUIRE asks for ${name}: ${reason}`)
  return reason
}

/**
 * Options of a test or a suite that needs something of the machine: `describe('previews', await needs('sandbox'), () => …)`.
 * Where that is missing it is skipped, and says why and what mends it; the summary of `npm test` repeats it for each test.
 */
export async function needs(...names: Requirement[]): Promise<{ skip?: boolean; meta?: { skipped: string } }> {
  const reasons: string[] = []
  for (const name of names) {
    const reason = await lackOf(name)
    if (reason !== undefined) reasons.push(`needs ${name}: ${reason}`)
  }
  if (reasons.length === 0) return {}
  const skipped = reasons.join('; ')
  console.warn(`skipped: ${skipped}`)
  return { skip: true, meta: { skipped } }
}
