import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bubblewrap } from './bubblewrap.ts'
import { makeEtc } from './etc.ts'
import { findFilterLoaders } from './filter-loader.ts'
import { namespaces } from './namespaces.ts'
import type { Isolator, Limits, Plan } from './plan.ts'
import { insideEnv } from './plan.ts'
import { probeFolderPrefix } from '../leftovers.ts'
import { withoutIsolation } from './none.ts'

export type Probe = { isolator: Isolator; detail?: string } | { isolator: undefined; detail: string }

/** Says "held" only where every promise is kept. */
const checks = (filtered: boolean) => `
set -u
${filtered ? lookForFilter() : ''}
test "$(id -u)" != 0
grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status
grep -q '^CapEff:[[:space:]]*0000000000000000$' /proc/self/status
grep -q '^CapBnd:[[:space:]]*0000000000000000$' /proc/self/status || grep -q '^CapPrm:[[:space:]]*0000000000000000$' /proc/self/status
test ! -e /etc/shadow
test ! -e /root
test "$(ls /proc | grep -c '^[0-9][0-9]*$')" -lt 20
test "$(sed 1,2d /proc/net/dev | grep -vc '^ *lo:')" = 0
touch /home/user/written
if touch /usr/written 2>/dev/null; then exit 1; fi
if touch /written 2>/dev/null; then exit 1; fi
if touch /etc/written 2>/dev/null; then exit 1; fi
if sh -c 'echo x > /proc/sys/kernel/core_pattern' 2>/dev/null; then exit 1; fi
echo held
`

/** One filter more than what runs here has already; kernels before 5.9 do not count them. */
function lookForFilter(): string {
  const before = /^Seccomp_filters:\s*(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  const line = before === undefined ? 'Seccomp:[[:space:]]*2' : `Seccomp_filters:[[:space:]]*${Number(before) + 1}`
  return `grep -q '^${line}$' /proc/self/status`
}

const fix =
  'Install bubblewrap (Debian, Ubuntu: apt install bubblewrap) and allow unprivileged user namespaces, ' +
  'use the cloud with E2B_API_KEY, or accept commands that run as this user without isolation with ATRIUM_SANDBOX_UNSAFE=1.'

/**
 * Tries, by really running it, the strongest isolation this machine has.
 * @param only tests one level; the default order is bubblewrap, namespaces, unfiltered, then (opted in) none
 */
export async function probeIsolation(options: { unsafe: boolean; only?: Isolator['level'] }): Promise<Probe> {
  if (process.platform !== 'linux') {
    if (options.unsafe) return { isolator: withoutIsolation }
    return { isolator: undefined, detail: `A local sandbox needs Linux. Use the cloud with E2B_API_KEY, or ATRIUM_SANDBOX_UNSAFE=1.` }
  }
  const root = process.getuid?.() === 0
  const candidates = [
    ...(root ? [bubblewrap(true)] : []),
    bubblewrap(false),
    ...[...findFilterLoaders(), undefined].map((loader) => namespaces(root, loader)),
  ]
  const failures: string[] = []
  for (const isolator of candidates) {
    if (options.only && isolator.level !== options.only) continue
    const failure = await tryIsolator(isolator)
    if (failure === undefined) return { isolator }
    failures.push(`${isolator.level}: ${failure}`)
  }
  if (options.unsafe && (!options.only || options.only === 'none')) return { isolator: withoutIsolation }
  return { isolator: undefined, detail: `No sandbox can be isolated from this machine (${failures.join('; ').slice(0, 300)}). ${fix}` }
}

const probeLimits: Limits = { memoryBytes: 2 ** 30, processes: 64, cpus: 1, diskBytes: 2 ** 20, tmpBytes: 2 ** 20, openFiles: 256 }

/** Undefined when it holds, else why not. */
async function tryIsolator(isolator: Isolator): Promise<string | undefined> {
  const base = await mkdtemp(join(tmpdir(), probeFolderPrefix))
  try {
    const uid = isolator.asOwnUser ? 199_999 : undefined
    const [workspace, runDir, etcDir] = ['home/user', 'run', 'etc'].map((name) => join(base, name)) as [string, string, string]
    for (const folder of [workspace, runDir]) {
      await mkdir(folder, { recursive: true })
      if (uid !== undefined) await chown(folder, uid, uid)
    }
    await makeEtc(etcDir)
    const plan: Plan = {
      workspace,
      runDir,
      etcDir,
      egressSocket: undefined,
      agentDir: etcDir,
      pty: undefined,
      node: process.execPath,
      uid,
      cgroups: [],
      limits: probeLimits,
      env: insideEnv,
      command: ['/bin/sh', '-ec', checks(isolator.level !== 'unfiltered')],
    }
    const { file, args, env } = isolator.launch(plan)
    return await new Promise((resolve) =>
      execFile(file, args, { env, timeout: 10_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
        if (stdout.trim().endsWith('held')) resolve(undefined)
        else if (error && 'code' in error && (error as NodeJS.ErrnoException).code === 'ENOENT') resolve(`${file} is not installed`)
        else resolve(stderr.trim().split('\n').at(-1) || 'it ran, and did not hold')
      }),
    )
  } finally {
    await rm(base, { recursive: true, force: true })
  }
}
