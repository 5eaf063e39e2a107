import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Limits } from './plan.ts'

/**
 * The control groups of sandboxes, where this process may make them: version 2, or version 1's memory, pids and cpu.
 * Elsewhere `enter` gives no folders and the watchdog measures by itself.
 */
export type Cgroups = {
  kind: 'v2' | 'v1' | 'none'
  enter(id: string, limits: Limits): string[]
  leave(folders: string[]): void
  set(folders: string[], limits: Limits): void
}

export const noCgroups: Cgroups = { kind: 'none', enter: () => [], leave: () => {}, set: () => {} }

export function openCgroups(hostPid = process.pid): Cgroups {
  for (const find of [openV2, openV1]) {
    try {
      const found = find(hostPid)
      if (!found) continue
      // Really made and removed again.
      found.leave(found.enter('probe', { memoryBytes: 2 ** 28, processes: 50, cpus: 1, diskBytes: 0, tmpBytes: 0, openFiles: 0 }))
      return found
    } catch {
      // Not writable here.
    }
  }
  return noCgroups
}

const mounts = () =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, path = '', type = '', options = '']) => ({ path, type, options: options.split(',') }))

const prefix = 'atrium-'

/** Counts the folders, so that one that is left late is never that of the next start. */
let made = 0

function make(parents: string[], id: string, hostPid: number, settings: Record<string, string>[]): string[] {
  const name = `${prefix}${hostPid}-${id}-${++made}`
  const folders = parents.map((parent) => join(parent, name))
  try {
    folders.forEach((folder, at) => {
      mkdirSync(folder, { recursive: true })
      for (const [name, value] of Object.entries(settings[at] ?? {})) writeFileSync(join(folder, name), value)
    })
  } catch (thrown) {
    leave(folders)
    throw thrown
  }
  return folders
}

/** Changes the limits of what runs. A limit below what is used already is left as it was. */
function apply(folders: string[], settings: Record<string, string>[]): void {
  folders.forEach((folder, at) => {
    for (const [name, value] of Object.entries(settings[at] ?? {})) {
      try {
        writeFileSync(join(folder, name), value)
      } catch {
        // In use: it holds from the next start.
      }
    }
  })
}

const v2Settings = (limits: Limits): Record<string, string>[] => [
  {
    'memory.max': String(limits.memoryBytes),
    'memory.swap.max': '0',
    'pids.max': String(limits.processes),
    'cpu.max': `${Math.round(limits.cpus * 100_000)} 100000`,
  },
]
const v1Settings = (limits: Limits): Record<string, string>[] => [
  { 'memory.limit_in_bytes': String(limits.memoryBytes) },
  { 'pids.max': String(limits.processes) },
  { 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': String(Math.round(limits.cpus * 100_000)) },
]

const leaveTries = 10
const firstLeaveMs = 20

/** The kernel keeps a folder while what ran in it is still ending: it is tried again for some 20 s; the next start sweeps the rest. */
function leave(folders: string[], tried = 0): void {
  const busy = folders.filter((folder) => !isRemoved(folder))
  if (busy.length > 0 && tried < leaveTries) setTimeout(() => leave(busy, tried + 1), firstLeaveMs * 2 ** tried).unref()
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** Folders of hosts that are no more. */
function sweep(parents: string[]): void {
  for (const parent of parents) {
    for (const name of readdirSync(parent)) {
      const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
      if (pid === undefined || isAlive(Number(pid))) continue
      leave([join(parent, name)])
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function openV2(hostPid: number): Cgroups | undefined {
  const mount = mounts().find(({ type }) => type === 'cgroup2')
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
  if (!mount || own === undefined) return undefined
  const parent = join(mount.path, own)
  const controllers = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').trim().split(' ')
  if (!['memory', 'pids', 'cpu'].every((name) => controllers.includes(name))) return undefined
  writeFileSync(join(parent, 'cgroup.subtree_control'), '+memory +pids +cpu')
  sweep([parent])
  return {
    kind: 'v2',
    enter: (id, limits) => make([parent], id, hostPid, v2Settings(limits)),
    set: (folders, limits) => apply(folders, v2Settings(limits)),
    leave: (folders) => leave(folders),
  }
}

function openV1(hostPid: number): Cgroups | undefined {
  const all = mounts().filter(({ type }) => type === 'cgroup')
  const parents = ['memory', 'pids', 'cpu'].map((name) => all.find(({ options }) => options.includes(name))?.path)
  if (!parents.every((path) => path !== undefined)) return undefined
  sweep(parents)
  return {
    kind: 'v1',
    enter: (id, limits) => make(parents, id, hostPid, v1Settings(limits)),
    set: (folders, limits) => apply(folders, v1Settings(limits)),
    leave: (folders) => leave(folders),
  }
}
