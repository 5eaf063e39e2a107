import type { Sandbox } from 'e2b'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openTestHost, say } from '../../testing/sandbox-host.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { needs } from '../../testing/require.ts'

const mb = 1024 * 1024

describe('a sandbox keeps to its share', await needs('sandbox'), () => {
  let here: TestHost
  let sandbox: Sandbox
  beforeAll(async () => {
    here = await openTestHost({ limits: { memoryBytes: 320 * mb, processes: 80, cpus: 0.5, diskBytes: 24 * mb, tmpBytes: 8 * mb } })
    sandbox = await here.create()
  })
  afterAll(() => here?.close())

  /** The longest that this process's loop was held up while `work` went on. */
  async function longestStall(work: () => Promise<unknown>): Promise<number> {
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 10)
    await work()
    clearInterval(timer)
    return longest
  }

  test('a memory hog is ended, and the sandbox answers afterwards', async () => {
    const hog = await say(sandbox, `/opt/atrium/bin/node -e "const kept=[]; for(;;) kept.push(Buffer.alloc(16*1024*1024, 1))"`, 30_000)
    expect(hog.exitCode).not.toBe(0)
    expect((await say(sandbox, 'echo alive')).stdout).toBe('alive\n')
  })

  test('a fork bomb stays small, the server stays awake, and killing it ends all of it', async () => {
    const stall = await longestStall(async () => {
      const bomb = await sandbox.commands.run('bomb() { bomb | bomb & }; bomb; sleep 300', { background: true, timeoutMs: 0 })
      await vi.waitFor(async () => expect(Number((await sandbox.getMetrics())[0]?.memUsed)).toBeGreaterThan(0))
      await bomb.kill()
      await bomb.wait().catch(() => undefined)
    })
    expect(stall).toBeLessThan(10_000)
    await vi.waitFor(async () => expect((await say(sandbox, 'ls /proc | grep -c "^[0-9]"')).stdout).toMatch(/^\d{1,2}\n$/), {
      timeout: 15_000,
      interval: 200,
    })
  })

  test('a full disk ends the writer, refuses writes, and is free again after a removal', async () => {
    const writer = await say(
      sandbox,
      'i=0; while :; do dd if=/dev/zero of=fill$i bs=1M count=2 2>/dev/null || exit 9; i=$((i+1)); sleep 0.1; done',
      25_000,
    )
    expect(writer.exitCode).not.toBe(0)
    await vi.waitFor(() => expect(sandbox.files.write('more.txt', 'x')).rejects.toMatchObject({ name: 'NotEnoughSpaceError' }), 5000)
    await sandbox.commands.run('rm -f fill*')
    await vi.waitFor(async () => void (await sandbox.files.write('more.txt', 'x')), { timeout: 10_000, interval: 200 })
    // Who has made room has no more of it than before.
    const again = await say(sandbox, 'rm -f *; for n in $(seq 2000); do head -c 1000000 /dev/zero > again$n || exit 9; done', 25_000)
    expect(again.exitCode).not.toBe(0)
    expect(Number((await say(sandbox, 'ls again* | wc -l')).stdout)).toBeLessThan(1000)
    expect((await say(sandbox, 'head -c 20000000 /dev/zero > /tmp/big')).exitCode).not.toBe(0)
  })
})

describe('two servers on one machine', await needs('sandbox'), () => {
  test('limit processes each, and do not count them together', async () => {
    const limits = { processes: 60 }
    const hosts = [await openTestHost({ limits }), await openTestHost({ limits })] as const
    try {
      const [crowded, other] = [await hosts[0].create(), await hosts[1].create()]
      // A host that is no root cannot set a limit of its own for each sandbox.
      const limit = (await say(crowded, 'ulimit -u')).stdout
      expect(limit).toBe(process.getuid?.() === 0 ? '60\n' : limit)
      // Each process counts, also one that would look: the shell does it alone.
      const countSleeping = 'n=0; for one in /proc/[0-9]*; do read -r name <$one/comm && [ $name = sleep ] && n=$((n + 1)); done; echo $n'
      const crowd = await crowded.commands.run('for i in $(seq 30); do sleep 60 & done; wait', { background: true, timeoutMs: 0 })
      await vi.waitFor(async () => expect((await say(crowded, countSleeping)).stdout).toBe('30\n'), { timeout: 15_000, interval: 200 })
      expect(await say(other, 'for i in $(seq 30); do sleep 0.1 & done; wait; echo ended')).toMatchObject({ stdout: 'ended\n', stderr: '' })
      await crowd.kill()
    } finally {
      for (const host of hosts) await host.close()
    }
  })
})
