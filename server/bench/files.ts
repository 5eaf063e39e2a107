import { watch, writeFileSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { countFaults } from '../testing/converge/outcome.ts'
import { converge } from '../testing/file-converge.ts'
import { openDesk } from '../testing/file-desk.ts'
import { makeProject, signUp } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import { count, type Figure, median, ms, percentile } from './figures.ts'

const samples = 200
const bounds = { toDisk: 300, toEditor: 150 }
const interleavings = Number(process.env.ATRIUM_CONVERGE ?? 10_000)

/** How long an edit takes to the disk and a change on the disk to an editor, beside a plain write that inotify tells of; and convergence. */
export async function benchFiles(): Promise<Figure[]> {
  const latencies = await benchLatencies()
  if (interleavings === 0) return latencies
  const seed = Number(process.env.ATRIUM_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`convergence, seed ${seed} (ATRIUM_SEED)`)
  const outcome = await converge({ seed, interleavings, killEvery: Math.max(100, Math.round(interleavings / 25)), files: 96, log: console.log })
  for (const fault of outcome.faults) console.log(JSON.stringify(fault))
  const { kills, disconnects, edits, conflicts, restored, formatted, rebuilt, replaced, faults } = outcome
  const how = `${count(outcome.interleavings)} interleavings, ${count(edits)} edits, ${disconnects} disconnects, ${kills} kills, ${conflicts} conflicts, ${restored} times put back, ${formatted} formatted, ${rebuilt} built on change, ${replaced} replaced, seed ${seed}`
  return [...latencies, { what: `files converge: ${how}`, measured: countFaults(faults), bound: '0 of each', ok: faults.length === 0 }]
}

async function benchLatencies(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-bench-files-'))
  const server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' }, dataDir })
  try {
    const ada = await signUp(server.url, { name: 'Ada', email: 'ada@example.org' })
    const { id: projectId } = await makeProject(ada)
    const text = Array.from({ length: 400 }, (_, line) => `line ${line} of a file that somebody works on\n`).join('')
    await ada.fetch(`/api/projects/${projectId}/files/work.txt`, { method: 'PUT', body: text })
    const found = (await readdir(dataDir, { recursive: true })).find((entry) => entry.endsWith('/work.txt'))
    const path = join(dataDir, String(found))
    const desk = openDesk(server.url, ada, projectId)
    const file = await desk.open('work.txt')

    const floor: number[] = []
    const plain = join(dataDir, 'plain.txt')
    writeFileSync(plain, '')
    for (let at = 0; at < samples; at++) {
      const began = performance.now()
      const told = new Promise<void>((resolve) => {
        const watcher = watch(plain, () => {
          watcher.close()
          resolve()
        })
      })
      writeFileSync(plain, `${text}${at}`)
      await told
      floor.push(performance.now() - began)
    }

    const toDisk: number[] = []
    for (let at = 0; at < samples; at++) {
      const word = `typed${at}x`
      const began = performance.now()
      file.text.insert((at * 97) % file.text.length, word)
      while (!readFileSync(path, 'utf8').includes(word)) await wait(1)
      toDisk.push(performance.now() - began)
      await wait(at % 50)
    }

    const toEditor: number[] = []
    for (let at = 0; at < samples; at++) {
      // A person's last edit is on the disk before a program changes it.
      while (readFileSync(path, 'utf8') !== file.says()) await wait(5)
      const word = `found${at}x`
      const now = readFileSync(path, 'utf8')
      const place = now.indexOf('\n', (at * 89) % now.length) + 1
      const seen = new Promise<void>((resolve) => {
        const look = () => {
          if (!file.says().includes(word)) return
          file.text.unobserve(look)
          resolve()
        }
        file.text.observe(look)
      })
      const began = performance.now()
      writeFileSync(path, `${now.slice(0, place)}${word}\n${now.slice(place)}`)
      await seen
      toEditor.push(performance.now() - began)
    }
    desk.close()

    const both = (list: number[]) => `p50 ${ms(median(list))}, p95 ${ms(percentile(list, 0.95))}`
    const figure = (what: string, list: number[], bound: number): Figure => ({
      what,
      measured: `${both(list)} (a plain write that inotify tells of: ${both(floor)})`,
      bound: `p95 ≤ ${bound} ms`,
      ok: percentile(list, 0.95) <= bound,
    })
    return [figure('an edit to the disk', toDisk, bounds.toDisk), figure('a change on the disk to an editor', toEditor, bounds.toEditor)]
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
