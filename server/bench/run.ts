/**
 * `npm run bench [stream|first|latency|join|store|interface|scroll|sandbox|desktop|files|forward|owner|rolling|kill|fuzz]`: figures beside a floor measured in the same run. Exits with 1
 * when a bound is missed.
 */
import { spawnSync } from 'node:child_process'
import type { Figure } from './figures.ts'
import { benchDesktop } from './desktop.ts'
import { benchFiles } from './files.ts'
import { benchForward } from './forward.ts'
import { benchJoin } from './join.ts'
import { benchLatency } from './latency.ts'
import { benchInterface } from './interface.ts'
import { benchScroll } from './scroll.ts'
import { benchSandbox } from './sandbox.ts'
import { benchStore } from './store.ts'
import { benchFirstDelta, benchStream } from './stream.ts'

const benches: Record<string, () => Promise<Figure[]>> = {
  stream: benchStream,
  first: benchFirstDelta,
  latency: benchLatency,
  join: benchJoin,
  store: benchStore,
  sandbox: benchSandbox,
  desktop: async () => [
    ...(await benchDesktop()),
    ...(await longTest('10,000 hostile frames of RFB', ['server/desktop/everybody'], { ATRIUM_HOSTILE_FRAMES: '10000' })),
  ],
  files: benchFiles,
  forward: benchForward,
  owner: () =>
    longTest('the process of a room killed, stopped and cut off, 50 times each', ['server/rooms/owner-lost'], { ATRIUM_OWNER_ROUNDS: '50' }),
  rolling: () =>
    longTest('three processes started anew while ten people type and an agent streams', ['server/rooms/rolling'], { ATRIUM_ROLLING: '1' }),
  interface: benchInterface,
  scroll: benchScroll,
  kill: () => longTest('50 × kill -9', ['server/runs/room-crash'], { ATRIUM_KILL_ROUNDS: '50' }),
  fuzz: () => longTest('100,000 mutated frames', ['server/sync/fuzz'], { ATRIUM_FUZZ_FRAMES: '100000' }),
}

const chosen = process.argv.slice(2)
const unknown = chosen.find((name) => !(name in benches))
if (unknown) {
  console.error(`There is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const figures: Figure[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  console.log(`── ${name} ──`)
  figures.push(...(await bench()))
}
for (const { what, measured, bound, ok } of figures) console.log(`${ok ? '✓' : '✗'} ${what}\n    ${measured}   [${bound}]`)
process.exit(figures.every(({ ok }) => ok) ? 0 : 1)

/** A test of the suite, run at full length. */
async function longTest(what: string, args: string[], env: Record<string, string>): Promise<Figure[]> {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', '--testTimeout', '3600000', ...args]
  const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit', env: { ...process.env, ...env } })
  return [{ what, measured: status === 0 ? 'held' : 'did not hold; see above', bound: 'every assertion of the test', ok: status === 0 }]
}
