import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Launch, Plan } from './plan.ts'
import { limitLines, quote } from './plan.ts'

/**
 * Starts a sandbox as a user of its own, from a host that is root. What is bind-mounted is first gathered in a private
 * mount namespace, since that user need not be able to reach it.
 * @param more lines of sh that still run as root
 */
export function asOwnUserOf(plan: Plan, command: (gathered: Plan) => string[], more: (gathered: Plan) => string[] = () => []): Launch {
  const gathered = gatherSources(plan)
  const uid = String(plan.uid)
  const script = [
    ...gathered.lines,
    ...limitLines(plan),
    ...more(gathered.plan),
    // The limit on processes counts those of the user it is changed to.
    `exec setpriv --reuid ${uid} --regid ${uid} --clear-groups -- "$@"`,
  ]
  return {
    file: 'unshare',
    args: ['--mount', '--propagation', 'private', '--', '/bin/sh', '-ec', script.join('\n'), 'sh', ...command(gathered.plan)],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  }
}

/** A mount point that hides none of the sources. */
export function stageFor(plan: Plan): string {
  const sources = [plan.workspace, plan.runDir, plan.etcDir, plan.agentDir, plan.node, plan.pty, plan.egressSocket].filter((one) => one !== undefined)
  const hides = (folder: string) => sources.some((source) => source === folder || source.startsWith(`${folder}/`))
  const stage = ['/mnt', '/media', '/srv', '/opt', '/home', '/tmp'].find((folder) => existsSync(folder) && !hides(folder))
  if (!stage) throw new Error('no folder is free to mount on')
  return stage
}

/** Everything at once: each program that is started for it would add to the time in which a sandbox starts. */
function gatherSources(plan: Plan): { plan: Plan; lines: string[] } {
  const stage = stageFor(plan)
  const mounts: string[] = []
  const files: string[] = []
  const gather = (source: string, name: string, isFile = false) => {
    const target = `${stage}/${name}`
    mounts.push(`${fstabWord(source)} ${target} none bind${isFile ? '' : ',X-mount.mkdir'} 0 0`)
    if (isFile) files.push(`: > ${target}`)
    return target
  }
  const gathered: Plan = {
    ...plan,
    workspace: join(gather(dirname(plan.workspace), 'home'), basename(plan.workspace)),
    runDir: gather(plan.runDir, 'run'),
    etcDir: gather(plan.etcDir, 'etc'),
    agentDir: gather(plan.agentDir, 'agent'),
    node: gather(plan.node, 'node', true),
    pty: plan.pty && gather(plan.pty, 'pty.node', true),
    egressSocket: plan.egressSocket && gather(plan.egressSocket, 'egress.sock', true),
  }
  const table = `${stage}/table`
  return {
    plan: gathered,
    lines: [
      `mount -t tmpfs -o mode=755,size=1m tmpfs ${stage}`,
      ...files,
      `printf '%s\\n' ${mounts.map(quote).join(' ')} > ${table}`,
      `mount --all --fstab ${table}`,
    ],
  }
}

/** A path as a table of mounts has it. */
const fstabWord = (path: string) => path.replace(/[\s\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)
