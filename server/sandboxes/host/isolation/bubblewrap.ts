import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { filterName } from './etc.ts'
import { asOwnUserOf } from './own-user.ts'
import type { Isolator, Launch, Plan } from './plan.ts'
import { inside, limitLines, quote } from './plan.ts'
import { seccompFilter } from './seccomp.ts'

/**
 * bubblewrap, with every namespace of its own and no nested user namespaces. A host that is root starts it as a user of
 * the sandbox's own: what is bind-mounted is then first gathered in a private mount namespace, since that user need not
 * be able to reach it.
 */
export const bubblewrap = (asOwnUser: boolean): Isolator => ({
  level: hasFilter ? 'bubblewrap' : 'unfiltered',
  asOwnUser,
  launch: (plan) => (asOwnUser ? launchAsOwnUser(plan) : launchAsSelf(plan)),
})

function launchAsSelf(plan: Plan): Launch {
  const script = [...limitLines({ ...plan, uid: undefined }), ...openFilter(plan), 'exec "$@"']
  return {
    file: '/bin/sh',
    args: ['-ec', script.join('\n'), 'sh', 'bwrap', ...wrapArgs(plan)],
    env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  }
}

const launchAsOwnUser = (plan: Plan): Launch => asOwnUserOf(plan, (gathered) => ['bwrap', ...wrapArgs(gathered)], openFilter)

/** bubblewrap reads the filter of system calls from this descriptor. */
const filterFd = 9
const hasFilter = seccompFilter() !== undefined
const openFilter = (plan: Plan) => (hasFilter ? [`exec ${filterFd}<${quote(`${plan.etcDir}/${filterName}`)}`] : [])

/** Parts of the host's /etc that programs need and that say nothing of the host. */
export const sharedEtc = [
  'ssl/certs',
  'ca-certificates',
  'alternatives',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'fonts',
  'mime.types',
  'matplotlibrc',
]
/** The sandbox's own, made by `makeEtc`. */
export const ownEtc = ['passwd', 'group', 'hosts', 'resolv.conf', 'nsswitch.conf', 'profile', 'chromium.d/atrium']

function wrapArgs(plan: Plan): string[] {
  const args = ['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try']
  args.push('--disable-userns', '--assert-userns-disabled', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox')
  if (hasFilter) args.push('--seccomp', String(filterFd))
  args.push('--die-with-parent', '--new-session', '--clearenv')
  args.push('--ro-bind', '/usr', '/usr')
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const path = `/${name}`
    if (!existsSync(path)) continue
    if (lstatSync(path).isSymbolicLink()) args.push('--symlink', readlinkSync(path).replace(/^\//, ''), path)
    else args.push('--ro-bind', path, path)
  }
  args.push('--proc', '/proc', '--dev', '/dev')
  const shm = Math.min(plan.limits.tmpBytes, 64 * 1024 * 1024)
  args.push('--perms', '1777', '--size', String(shm), '--tmpfs', '/dev/shm')
  args.push('--perms', '1777', '--size', String(plan.limits.tmpBytes), '--tmpfs', '/tmp')
  args.push('--perms', '1777', '--size', String(shm), '--tmpfs', '/var/tmp')
  for (const name of sharedEtc) args.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`)
  for (const name of ownEtc) args.push('--ro-bind', `${plan.etcDir}/${name}`, `/etc/${name}`)
  args.push('--ro-bind', plan.node, inside.node, '--ro-bind', plan.agentDir, inside.agent)
  args.push('--ro-bind', `${plan.etcDir}/package.json`, '/opt/atrium/package.json')
  args.push('--bind', dirname(plan.workspace), inside.homes, '--bind', plan.runDir, inside.run)
  if (plan.pty) args.push('--ro-bind', plan.pty, inside.pty)
  if (plan.egressSocket) args.push('--bind', plan.egressSocket, inside.egress)
  args.push('--remount-ro', '/dev', '--remount-ro', '/', '--chdir', inside.home)
  for (const [name, value] of Object.entries(plan.env)) args.push('--setenv', name, value)
  return [...args, '--', ...plan.command]
}
