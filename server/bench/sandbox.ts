import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { pino } from 'pino'
import type { FilePath } from '#shared/files/path.ts'
import { systemClock } from '../base/clock.ts'
import { e2bSandbox } from '../sandboxes/e2b.ts'
import { startLocalHost } from '../sandboxes/host/host.ts'
import { probeIsolation } from '../sandboxes/host/isolation/probe.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { median, ms, percentile, times } from './figures.ts'
import type { Figure } from './figures.ts'
import { benchTree } from './tree.ts'

const bound = { createMs: 200, trueMs: 20, cellMs: 15, seenMs: 100, desktopMs: 1500, terminalMbps: 10, multiple: 3 }
const crowd = 20

async function timed(rounds: number, work: (round: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await work(round)
    samples.push(performance.now() - begun)
  }
  return samples
}

/** The same programs, started on this machine itself. */
async function bare(file: string, args: string[]): Promise<void> {
  const child = spawn(file, args, { stdio: 'ignore' })
  await once(child, 'exit')
}

const end = async (sandbox: Sandbox, command: string) => (await sandbox.run(command)).exit

/** The sandbox's calls through the unmodified SDKs, beside what the same costs without a sandbox. */
export async function benchSandbox(): Promise<Figure[]> {
  const probe = await probeIsolation({ unsafe: false })
  if (!probe.isolator) return [{ what: 'sandbox', measured: probe.detail, bound: 'an isolated sandbox', ok: false }]
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-bench-sandbox-'))
  const host = await startLocalHost({ dataDir, isolator: probe.isolator, egress: [], clock: systemClock, log: pino({ level: 'silent' }) })
  const connection = { apiKey: host.apiKey, apiUrl: host.url, sandboxUrl: host.url, timeoutMs: 3_600_000 }
  const open = async (): Promise<Sandbox> =>
    e2bSandbox({
      sandbox: await CodeSandbox.create(connection),
      localUrl: host.url,
      sharedNetwork: false,
      onUse: () => {},
      onGone: () => {},
      hold: () => () => {},
      killsTree: true,
    })
  try {
    const made: Sandbox[] = []
    const create = await timed(15, async () => void made.push(await open()))
    const [sandbox] = made
    if (!sandbox) throw new Error('no sandbox was made')
    const figures: Figure[] = []
    const add = (what: string, samples: number[], limit: number, floor: number[], floorName: string) =>
      figures.push({
        what: `${what} (${samples.length} times)`,
        measured: `median ${ms(median(samples))}, p95 ${ms(percentile(samples, 0.95))}; ${floorName} ${ms(median(floor))}`,
        bound: `median ≤ ${limit} ms`,
        ok: median(samples) <= limit,
      })

    const wrap = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--unshare-all', process.execPath, '-e', '0']
    const floor: [string, string[], string] =
      probe.isolator.level === 'bubblewrap'
        ? ['bwrap', wrap, 'an empty node process in bwrap']
        : [process.execPath, ['-e', '0'], 'an empty node process']
    add('create a sandbox', create, bound.createMs, await timed(15, () => bare(floor[0], floor[1])), floor[2])
    await end(sandbox, 'true')
    add(
      'the command `true`',
      await timed(60, () => end(sandbox, 'true')),
      bound.trueMs,
      await timed(60, () => bare('/bin/bash', ['-lc', 'true'])),
      'bash -lc true',
    )
    await sandbox.python.run('1')
    add(
      'a Python cell',
      await timed(60, (round) => sandbox.python.run(`${round} + 1`)),
      bound.cellMs,
      await timed(15, () => bare('/usr/bin/python3', ['-c', '1+1'])),
      'python3 -c',
    )
    add(
      'a file write seen by a watch',
      await timeWatch(sandbox),
      bound.seenMs,
      await timed(60, () => writeFile(join(dataDir, 'floor.txt'), 'x')),
      'a bare write',
    )

    const desktop = await timed(3, async (round) => {
      const { status } = await (made[round] ?? sandbox).desktop.start()
      if (status !== 'running') throw new Error(`the desktop is ${status}`)
    })
    figures.push({
      what: 'a desktop, from cold (3 times)',
      measured: `median ${ms(median(desktop))}`,
      bound: `median ≤ ${bound.desktopMs} ms`,
      ok: median(desktop) <= bound.desktopMs,
    })
    for (const other of made.slice(0, 3)) await other.desktop.stop()
    figures.push(await timeTerminal(sandbox))
    for (const other of made.slice(1, 5)) await end(other, 'true')
    figures.push(await timeCrowd(made, open))
    figures.push(...(await benchTree()))
    return figures
  } finally {
    await host.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function timeWatch(sandbox: Sandbox): Promise<number[]> {
  let seen: (() => void) | undefined
  const stop = await sandbox.files.watch(() => seen?.())
  const samples: number[] = []
  for (let round = 0; round < 40; round++) {
    const told = new Promise<void>((resolve) => (seen = resolve))
    const write = async () => {
      await sandbox.files.write(`seen-${round}.txt` as FilePath, 'x')
      await told
    }
    samples.push(...(await timed(1, write)))
    // As one person's saves come: each after some silence.
    await setTimeout(120)
  }
  await stop()
  return samples
}

/** 100 MB of output, every byte counted. */
async function timeTerminal(sandbox: Sandbox): Promise<Figure> {
  const size = 100_000_000
  let bytes = 0
  const before = process.memoryUsage().rss
  let most = before
  const terminal = await sandbox.terminals.open({
    cols: 80,
    rows: 24,
    onData(part) {
      for (const byte of part) if (byte === 120) bytes++
      most = Math.max(most, process.memoryUsage().rss)
    },
  })
  const begun = performance.now()
  await terminal.write(`stty -echo; PS1=; head -c ${size} /dev/zero | tr '\\0' x; exit\n`)
  await terminal.exit
  const rate = size / 1e6 / ((performance.now() - begun) / 1000)
  return {
    what: 'a terminal printing 100 MB',
    measured: `${rate.toFixed(0)} MB/s, ${size - Math.min(bytes, size)} bytes missing, ${((most - before) / 1e6).toFixed(0)} MB more memory here at most`,
    bound: `≥ ${bound.terminalMbps} MB/s, none missing`,
    ok: rate >= bound.terminalMbps && bytes >= size,
  }
}

/** Commands in all sandboxes but one, first in quiet, then while that one does its worst. */
async function timeCrowd(made: Sandbox[], open: () => Promise<Sandbox>): Promise<Figure> {
  while (made.length < crowd) made.push(await open())
  const [hostile, ...others] = made
  if (!hostile) throw new Error('no sandbox was made')
  const round = async () => {
    const samples: number[] = []
    for (let at = 0; at < 10; at++) {
      for (const other of others) samples.push(...(await timed(1, () => end(other, 'true'))))
    }
    return samples
  }
  await round()
  const quiet = percentile(await round(), 0.99)
  const worst = [
    'for n in 1 2 3 4; do (while :; do :; done) & done; while :; do head -c 300000000 /dev/zero > fill$RANDOM; rm -f fill*; done',
    'python3 -c "kept = []\nwhile True: kept.append(bytearray(16_000_000))"',
    // Last: it leaves no room for another command.
    'bomb() { bomb | bomb & }; bomb; sleep 300',
  ]
  const running = []
  for (const command of worst) running.push(await hostile.run(command))
  const loud = percentile(await round(), 0.99)
  await Promise.all(running.map((one) => one.kill().catch(() => undefined)))
  return {
    what: `a command in ${crowd - 1} sandboxes while one more is hostile (fork bomb, busy loops, disk and memory)`,
    measured: `p99 ${ms(loud)} against ${ms(quiet)} in quiet: ${times(loud / quiet)}`,
    bound: `≤ ${bound.multiple}×`,
    ok: loud <= quiet * bound.multiple,
  }
}
