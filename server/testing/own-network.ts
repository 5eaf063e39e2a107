import { execFile, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readlink } from 'node:fs/promises'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why no process can have a network of its own here; undefined when it can. */
export function lackOfOwnNetworks(): string | undefined {
  if (spawnSync('ip', ['-V']).error) return 'the program ip is not installed: apt install iproute2'
  const [outer, inner] = ['a', 'b'].map((end) => `atr${process.pid}${end}`) as [string, string]
  const isMade = spawnSync('ip', ['link', 'add', outer, 'type', 'veth', 'peer', 'name', inner]).status === 0
  if (isMade) spawnSync('ip', ['link', 'delete', outer])
  const isOwn = spawnSync('unshare', ['--net', 'true']).status === 0
  return isMade && isOwn ? undefined : 'a network of its own needs root, the right to make networks, and unshare: apt install util-linux'
}

/** Runs before the program it is given, and waits on its input until the network is there. */
export const ownNetworkCommand = ['unshare', '--net', '--', 'sh', '-c', 'read go; exec "$@"', 'sh'] as const

/**
 * A network that one process and this one have in common, which can be cut: then what is sent disappears, and nobody is told.
 * `outside` is this machine's address in it, `inside` the process's.
 */
export async function createOwnNetwork() {
  const outer = `atr${randomInt(36 ** 5).toString(36)}`
  const inner = `${outer}i`
  const subnet = `10.${randomInt(200, 250)}.${randomInt(1, 250)}`
  const [outside, inside] = [`${subnet}.1`, `${subnet}.2`]
  await run('ip', ['link', 'add', outer, 'type', 'veth', 'peer', 'name', inner])
  await run('ip', ['address', 'add', `${outside}/30`, 'dev', outer])
  await run('ip', ['link', 'set', outer, 'up'])
  const listeners: (() => void)[] = []

  return {
    outside,
    inside,
    /** Gives the process its end, and lets it begin. */
    async connect(child: ChildProcess): Promise<void> {
      await isApart(child.pid)
      await run('ip', ['link', 'set', inner, 'netns', String(child.pid)])
      const within = (...command: string[]) => run('nsenter', ['--target', String(child.pid), '--net', 'ip', ...command])
      await within('link', 'set', 'lo', 'up')
      await within('address', 'add', `${inside}/30`, 'dev', inner)
      await within('link', 'set', inner, 'up')
      await within('route', 'add', 'default', 'via', outside)
      child.stdin?.end('go\n')
    },
    /** What listens at `port` of `host` is reached at the answer, a port of `outside`. */
    async publish(host: string, port: number): Promise<number> {
      const open = new Set<Socket>()
      const server = createServer((incoming) => {
        const outgoing = connect({ host, port, noDelay: true })
        for (const [one, other] of [
          [incoming, outgoing],
          [outgoing, incoming],
        ] as const) {
          open.add(one)
          one.on('error', () => other.destroy()).on('close', () => (open.delete(one), other.destroy()))
          one.setNoDelay().pipe(other)
        }
      })
      await new Promise<void>((listening) => server.listen(0, outside, listening))
      listeners.push(() => {
        server.close()
        for (const socket of open) socket.destroy()
      })
      return (server.address() as AddressInfo).port
    },
    cut: () => run('ip', ['link', 'set', outer, 'down']),
    mend: () => run('ip', ['link', 'set', outer, 'up']),
    /** After the process has ended. */
    async remove(): Promise<void> {
      for (const close of listeners) close()
      // Its other end, and with it this one, may have gone with the process.
      await run('ip', ['link', 'delete', outer]).catch(() => undefined)
    },
  }
}
/** Resolves when the process has left the network of this one, which it does as soon as it has time. */
async function isApart(pid: number | undefined): Promise<void> {
  const networkOf = (which: string) => readlink(`/proc/${which}/ns/net`)
  const ours = await networkOf('self')
  while ((await networkOf(String(pid))) === ours) await pause(5)
}

export type OwnNetwork = Awaited<ReturnType<typeof createOwnNetwork>>
