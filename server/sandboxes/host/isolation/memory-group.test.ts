import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countMemoryKills, overMemory } from '../memory-kills.ts'
import type { Limits } from './plan.ts'
import { ownMemoryGroup, readMemoryCounts } from './memory-group.ts'

const v1 = (root: string) => `31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
35 31 0:32 ${root} /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 ${root} /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`
const v2 = (root: string) => `31 23 0:28 ${root} /sys/fs/cgroup ro,nosuid,nodev - cgroup2 cgroup rw,nsdelegate`

test.each([
  ['version 2 in a container', '0::/\n', v2('/'), '/sys/fs/cgroup/'],
  ['version 2 on a machine', '0::/system.slice/atrium.service\n', v2('/'), '/sys/fs/cgroup/system.slice/atrium.service'],
  ['version 2 in a container that sees its whole path', '0::/docker/abc\n', v2('/docker/abc'), '/sys/fs/cgroup'],
  ['version 1 in a container', '8:pids:/docker/abc\n4:memory:/docker/abc\n0::/\n', v1('/docker/abc'), '/sys/fs/cgroup/memory'],
  ['version 1 below a container', '4:memory:/docker/abc/in\n', v1('/docker/abc'), '/sys/fs/cgroup/memory/in'],
  ['version 1 on a machine', '4:cpu,memory:/user.slice\n', v1('/'), '/sys/fs/cgroup/memory/user.slice'],
  ['a group that is not mounted here', '4:memory:/elsewhere\n', v1('/docker/abc'), '/sys/fs/cgroup/memory'],
  ['no group at all', '', '', undefined],
])('the own group of memory: %s', (_, groups, mounts, folder) => {
  expect(ownMemoryGroup(groups, mounts)).toBe(folder)
})

describe('what a group counts', () => {
  let folder: string
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'atrium-group-'))))
  afterEach(() => rm(folder, { recursive: true }))
  const limits = { memoryBytes: 320 * 2 ** 20 } as Limits
  const events = (kills: number, atLimit: number) =>
    writeFile(join(folder, 'memory.events'), `low 0\nhigh 0\nmax 90\noom ${atLimit}\noom_kill ${kills}\noom_group_kill 0\n`)

  test('is read in both versions', async () => {
    expect(readMemoryCounts(folder)).toBeUndefined()
    await writeFile(join(folder, 'memory.oom_control'), 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n')
    await writeFile(join(folder, 'memory.failcnt'), '41\n')
    expect(readMemoryCounts(folder)).toEqual({ kills: 3, atLimit: 41 })
    await events(2, 1)
    expect(readMemoryCounts(folder)).toEqual({ kills: 2, atLimit: 1 })
  })

  test('says once that something was ended, and whose limit it met', async () => {
    await events(5, 5)
    const [own, around] = [countMemoryKills(folder, undefined, limits), countMemoryKills(undefined, folder, limits)]
    expect([own.look(), around.look(), own.recent()]).toEqual([undefined, undefined, undefined])
    await events(6, 6)
    const full = { why: 'the server had no more memory', kills: 1 }
    expect([own.look(), around.look()]).toEqual([{ why: overMemory(limits), kills: 1 }, full])
    expect([own.look(), around.look()]).toEqual([undefined, undefined])
    expect(own.recent()).toBe('the memory limit of 320 MB was reached')
    // The machine had no more, and the sandbox's own limit was not met.
    await events(8, 6)
    expect(own.look()).toEqual({ ...full, kills: 2 })
  })

  test('a machine that counts nothing, and a group that goes away, are no reason', async () => {
    expect(countMemoryKills(undefined, undefined, limits).look()).toBeUndefined()
    await events(1, 1)
    const kills = countMemoryKills(folder, undefined, limits)
    await rm(join(folder, 'memory.events'))
    expect(kills.look()).toBeUndefined()
  })
})
