import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a control group counts: processes that the kernel ended for want of memory, and how often the group was at its own limit. */
export type MemoryCounts = { kills: number; atLimit: number }

/** Undefined for a folder that counts neither, as the top of version 2. */
export function readMemoryCounts(folder: string): MemoryCounts | undefined {
  const events = read(folder, 'memory.events')
  if (events !== undefined) return { kills: numberIn(events, 'oom_kill'), atLimit: numberIn(events, 'oom') }
  const control = read(folder, 'memory.oom_control')
  if (control === undefined) return undefined
  return { kills: numberIn(control, 'oom_kill'), atLimit: Number(read(folder, 'memory.failcnt') ?? 0) }
}

function read(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch {
    return undefined
  }
}

const numberIn = (text: string, name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)

/**
 * The folder of the group that this process is in, as it is mounted here: a container sees its own as the top.
 * @param groups of `/proc/self/cgroup` @param mounts of `/proc/self/mountinfo`
 */
export function ownMemoryGroup(
  groups = readFileSync('/proc/self/cgroup', 'utf8'),
  mounts = readFileSync('/proc/self/mountinfo', 'utf8'),
): string | undefined {
  const all = mounts.split('\n').map((line) => {
    const [mount = '', source = ''] = line.split(' - ')
    const [, , , root = '', path = ''] = mount.split(' ')
    const [type = '', , options = ''] = source.split(' ')
    return { root, path, type, options: options.split(',') }
  })
  // Where both versions are mounted, memory is counted by one of them.
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1]
  const found =
    v1 === undefined ? all.find(({ type }) => type === 'cgroup2') : all.find(({ type, options }) => type === 'cgroup' && options.includes('memory'))
  const group = v1 ?? /^0::(.*)$/m.exec(groups)?.[1]
  if (!found || group === undefined) return undefined
  const { root, path } = found
  if (root === '/') return join(path, group)
  return group === root || group.startsWith(`${root}/`) ? join(path, group.slice(root.length)) : path
}
