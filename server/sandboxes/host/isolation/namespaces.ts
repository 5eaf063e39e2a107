import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { ownEtc, sharedEtc } from './bubblewrap.ts'
import type { FilterLoader } from './filter-loader.ts'
import { asOwnUserOf, stageFor } from './own-user.ts'
import type { Isolator, Launch, Plan } from './plan.ts'
import { inside, limitLines, quote } from './plan.ts'
/**
 * The same walls from util-linux alone: `unshare` for the namespaces, `mount` for a new root, `pivot_root` into it,
 * `setpriv` to drop every right. It is an ordinary user who builds them, in a user namespace that can have no other
 * inside; a host that is root first becomes the sandbox's own user.
 * @param loader puts the filter of system calls on; without one the walls stand, and the level says that there is none
 */
export const namespaces = (asOwnUser: boolean, loader: FilterLoader | undefined): Isolator => ({
  level: loader ? 'namespaces' : 'unfiltered',
  asOwnUser,
  launch(plan) {
    const filtered = loader?.words ?? []
    if (!asOwnUser) return buildWalls(plan, limitLines({ ...plan, uid: undefined }), filtered)
    return asOwnUserOf(plan, (gathered) => {
      const { file, args } = buildWalls(gathered, [], filtered)
      return [file, ...args]
    })
  },
})

function buildWalls(plan: Plan, limits: string[], filtered: string[]): Launch {
  const script = [
    ...limits,
    // Of this user namespace alone: room for the one that the sandbox's user gets, and for none inside it.
    'echo 1 > /proc/sys/user/max_user_namespaces',
    ...buildRoot(plan, stageFor(plan)),
    `cd ${inside.home}`,
    // The first process takes in the orphans of the others. What runs is in a session of its own, so that it has no terminal of the host.
    'setsid unshare --user --map-user=1000 --map-group=1000 setpriv --bounding-set -all --inh-caps -all --ambient-caps -all --no-new-privs -- "$@" &',
    'wait $!',
  ]
  const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child=KILL', '--propagation', 'private']
  const unshare = ['unshare', '--user', '--map-root-user', ...spaces, '--', '/bin/sh', '-ec', script.join('\n'), 'sh']
  return {
    file: 'setpriv',
    args: ['--pdeathsig', 'KILL', '--', ...unshare, ...filtered, 'env', '-i', ...envWords(plan), ...plan.command],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  }
}

const envWords = (plan: Plan) => Object.entries(plan.env).map(([name, value]) => `${name}=${value}`)

/** A flag of a mount says nothing of those below it. One that lies under another cannot be reached. The table of mounts writes a space as \\040. */
const readOnlyBelow = (path: string) => `while read -r _ _ _ _ at _; do
  at=$(printf %b "$at")
  case $at in ${path}/*) [ ! -e "$at" ] || mount -o remount,bind,ro,nosuid,nodev "$at" || mount -o remount,bind,ro "$at" ;; esac
done </proc/self/mountinfo`

function buildRoot(plan: Plan, stage: string): string[] {
  const lines = [`mount -t tmpfs -o mode=755,size=4m tmpfs ${stage}`]
  const folder = (path: string) => lines.push(`mkdir -p ${stage}${path}`)
  const bind = (source: string, path: string, readOnly: boolean, file = false) => {
    if (file) lines.push(`mkdir -p ${stage}${path.replace(/\/[^/]*$/, '')}`, `: > ${stage}${path}`)
    else folder(path)
    // With what the machine has mounted below it: to leave that out would uncover what it hides, which a user namespace may not.
    lines.push(`mount --rbind ${quote(source)} ${stage}${path}`)
    // Flags of the outer mount are locked in a user namespace, so they are said again.
    if (readOnly) lines.push(`mount -o remount,bind,ro,nosuid,nodev ${stage}${path} || mount -o remount,bind,ro ${stage}${path}`)
    else lines.push(`mount -o remount,bind,nosuid,nodev ${stage}${path}`)
    if (readOnly && !file) lines.push(readOnlyBelow(`${stage}${path}`))
  }
  const tmpfs = (path: string, size: number) =>
    lines.push(`mkdir -p ${stage}${path}`, `mount -t tmpfs -o mode=1777,nosuid,nodev,size=${size} tmpfs ${stage}${path}`)
  bind('/usr', '/usr', true)
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    if (!existsSync(`/${name}`)) continue
    if (lstatSync(`/${name}`).isSymbolicLink()) lines.push(`ln -s ${readlinkSync(`/${name}`).replace(/^\//, '')} ${stage}/${name}`)
    else bind(`/${name}`, `/${name}`, true)
  }
  folder('/proc')
  lines.push(`mount -t proc -o nosuid,nodev,noexec proc ${stage}/proc`)
  for (const name of ['sys', 'sysrq-trigger', 'irq', 'bus']) {
    lines.push(
      `if [ -e ${stage}/proc/${name} ]; then mount --bind ${stage}/proc/${name} ${stage}/proc/${name} && mount -o remount,bind,ro,nosuid,nodev,noexec ${stage}/proc/${name}; fi`,
    )
  }
  for (const name of ['null', 'zero', 'full', 'random', 'urandom', 'tty']) {
    lines.push(`mkdir -p ${stage}/dev`, `: > ${stage}/dev/${name}`, `mount --bind /dev/${name} ${stage}/dev/${name}`)
  }
  folder('/dev/pts')
  lines.push(
    `mount -t devpts -o newinstance,ptmxmode=0666,mode=620,nosuid,noexec devpts ${stage}/dev/pts`,
    `ln -s pts/ptmx ${stage}/dev/ptmx`,
    `ln -s /proc/self/fd ${stage}/dev/fd`,
    ...['stdin', 'stdout', 'stderr'].map((name, at) => `ln -s /proc/self/fd/${at} ${stage}/dev/${name}`),
  )
  const shm = Math.min(plan.limits.tmpBytes, 64 * 1024 * 1024)
  tmpfs('/dev/shm', shm)
  tmpfs('/tmp', plan.limits.tmpBytes)
  tmpfs('/var/tmp', shm)
  for (const name of sharedEtc) {
    const path = `/etc/${name}`
    if (existsSync(path)) bind(path, path, true, !lstatSync(path).isDirectory())
  }
  for (const name of ownEtc) bind(`${plan.etcDir}/${name}`, `/etc/${name}`, true, true)
  bind(plan.node, inside.node, true, true)
  bind(plan.agentDir, inside.agent, true)
  bind(`${plan.etcDir}/package.json`, '/opt/atrium/package.json', true, true)
  bind(dirname(plan.workspace), inside.homes, false)
  bind(plan.runDir, inside.run, false)
  if (plan.pty) bind(plan.pty, inside.pty, true, true)
  if (plan.egressSocket) bind(plan.egressSocket, inside.egress, false, true)
  lines.push('ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true', 'hostname sandbox 2>/dev/null || true')
  lines.push(
    `mkdir ${stage}/.outside`,
    `cd ${stage}`,
    `pivot_root . .outside`,
    'cd /',
    'umount -l /.outside',
    'rmdir /.outside',
    'mount -o remount,bind,ro,nosuid,nodev /',
  )
  return lines
}
