import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { desktopPrograms, lookForScript } from './agent/desktop-script.ts'
import { findPython, modulePackages } from './agent/python/find-python.ts'
import { findFilterLoaders } from './isolation/filter-loader.ts'
import { insideEnv } from './isolation/plan.ts'

const run = promisify(execFile)

/** What the rooms of a machine may have to do without. */
export type Need = 'system call filter' | 'desktop' | 'python' | 'figures'
/** What is missing, as one sentence for people, and the command that installs it on Debian and Ubuntu. */
export type Lack = { need: Need; detail: string; install: string }

/** What shows figures and tables. */
const figureModules = ['matplotlib', 'pandas']

/** What local sandboxes cannot offer for want of a program; a sandbox sees the programs of its machine. */
export async function findLacks(needs: readonly Need[] = ['system call filter', 'desktop', 'python', 'figures']): Promise<Lack[]> {
  const found = await Promise.all(needs.map((need) => probes[need]()))
  return found.filter((lack) => lack !== undefined)
}

const probes: Record<Need, () => Promise<Lack | undefined>> = {
  'system call filter': lackOfFilter,
  desktop: () => lackOfPrograms('desktop', desktopPrograms),
  python: async () => (findPython() ? undefined : lack('python', 'Python', ['python3'])),
  figures: lackOfModules,
}

/** @param programs program → the Debian package that has it */
export async function lackOfPrograms(need: Need, programs: Record<string, string>): Promise<Lack | undefined> {
  const { stdout } = await run('/bin/sh', ['-c', `${lookForScript(programs)}\necho "$missing"`], { env: insideEnv, cwd: '/' })
  const missing = stdout.split(/\s+/).filter((word) => word !== '')
  return missing.length === 0 ? undefined : lack(need, missing.join(', '), missing)
}

/** Either puts the filter of system calls on a sandbox: bubblewrap itself, Perl or Python in its place. */
async function lackOfFilter(): Promise<Lack | undefined> {
  return findFilterLoaders().length > 0 ? undefined : lackOfPrograms('system call filter', { bwrap: 'bubblewrap' })
}

/** A folder of that name is a package for Python, though empty: only what comes from a file is installed. */
const findModules = 'import importlib.util as u, sys\nprint(*[m for m in sys.argv[1:] if not ((s := u.find_spec(m)) and s.origin)])'

async function lackOfModules(): Promise<Lack | undefined> {
  const python = findPython()
  const missing = python ? (await run(python, ['-I', '-c', findModules, ...figureModules])).stdout.split(/\s+/) : figureModules
  const packages = missing.flatMap((module) => modulePackages[module] ?? [])
  return packages.length === 0 ? undefined : lack('figures', missing.join(', ').trim(), [...(python ? [] : ['python3']), ...packages])
}

const lack = (need: Need, what: string, packages: readonly string[]): Lack => ({
  need,
  detail: `${what} ${packages.length > 1 ? 'are' : 'is'} not installed`,
  install: `apt install ${[...new Set(packages)].join(' ')}`,
})
