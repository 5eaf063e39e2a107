import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noCgroups } from '../sandboxes/host/isolation/cgroup.ts'

/** As in a container, which may make no control groups of its own: what the kernel counts there is a file that the test writes. */
export async function openMemoryGroup() {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-group-'))
  let kills = 0
  const write = () => writeFile(join(folder, 'memory.events'), `max 1\noom ${kills}\noom_kill ${kills}\n`)
  await write()
  return {
    groups: { sandboxes: noCgroups, memory: folder },
    /** The kernel has ended one process. */
    async countKill() {
      kills += 1
      await write()
    },
    close: () => rm(folder, { recursive: true }),
  }
}
