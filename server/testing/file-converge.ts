import { type HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider'
import { appendFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createTurns } from '../base/budget.ts'
import { limits } from '../sync/limits.ts'
import { generator } from './chance.ts'
import { seedDataDir } from './database.ts'
import { join as joinProject, makeProject, signUp } from './people.ts'
import { startChild } from './file-child.ts'
import { openDesk } from './file-desk.ts'
import { build, formatOnChange, rebuildOnChange } from './format-on-change.ts'

export type Outcome = {
  seed: number
  interleavings: number
  kills: number
  disconnects: number
  edits: number
  conflicts: number
  restored: number
  formatted: number
  rebuilt: number
  replaced: number
  faults: Fault[]
}

/**
 *   lost      a word that somebody wrote, and nobody removed, is not there
 *   undone    what a program put back was written over
 *   unlike    people, or people and the disk, see different texts, or a word came twice
 *   restless  something changes still when nobody writes any more, or what is built of a file is not of its last text
 */
export type Fault = { kind: 'lost' | 'undone' | 'unlike' | 'restless'; path: string } & Record<string, unknown>

/** "0 lost, 0 undone, …" */
export const countFaults = (faults: readonly Fault[]): string =>
  (['lost', 'undone', 'unlike', 'restless'] as const).map((kind) => `${faults.filter((fault) => fault.kind === kind).length} ${kind}`).join(', ')

function chance(seed: number) {
  const random = generator(seed)
  return (below: number) => Math.floor(random() * below)
}

/** Far below what a test may take: what does not come to rest is told with what it holds. */
const restMs = 90_000
/** With patience renewed whenever somebody was cut off, it still ends. */
const mostRestMs = 5 * restMs
/** Of a file that did not come to rest, what was done to it last is told. */
const lastSteps = 40
const first = 'start\nmiddle\nend\n'
/** When nobody writes any more, there is a time of this length without any change, before that much has passed. */
const quiet = { forMs: 2_000, withinMs: 20_000 }

/**
 * Ada, Mei, an agent and programs on the disk change the same files at once, in `interleavings` random orders, while people lose their
 * connection and the server is killed. Some files are watched by a program that formats them, slowly, from what it read a while ago, some by
 * one that builds another file of them; and now and then a program puts an older text back, which then stands. After each order everybody must see what is on the disk, and in it every word
 * that somebody wrote and nobody removed: once, or as often as a conflict says.
 */
export async function converge(options: {
  seed: number
  interleavings: number
  killEvery: number
  files: number
  log?: (line: string) => void
}): Promise<Outcome> {
  const { seed } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-converge-'))
  await seedDataDir(dataDir)
  const server = await startChild(dataDir, await freePort())
  const ada = await signUp(server.url, { name: 'Ada', email: 'ada@example.org' })
  const mei = await signUp(server.url, { name: 'Mei', email: 'mei@example.org' })
  const { id: projectId } = await makeProject(ada)
  await joinProject(ada, projectId, mei, 'editor')
  const api = `/api/projects/${projectId}`
  const outcome: Outcome = {
    seed,
    interleavings: 0,
    kills: 0,
    disconnects: 0,
    edits: 0,
    conflicts: 0,
    restored: 0,
    formatted: 0,
    rebuilt: 0,
    replaced: 0,
    faults: [],
  }
  const paths = Array.from({ length: options.files }, (_, at) => `d${at}/f${at}.txt`)
  for (const path of paths) await ada.json('PUT', `${api}/files/${path}`, first)
  const workspace = await workspaceIn(dataDir)
  const desks = { ada: openDesk(server.url, ada, projectId), mei: openDesk(server.url, mei, projectId) }
  const tell = (fault: Fault) => {
    outcome.faults.push(fault)
    options.log?.(JSON.stringify(fault).slice(0, 8000))
  }
  let begun = 0
  /** On a slow machine a connection that breaks every second would not last until many files are open. */
  const { promise: allOpen, resolve: areOpen } = Promise.withResolvers<void>()
  let opened = 0
  /** The server opens so many at once: the patience with each begins when it is asked for. */
  const inTurn = createTurns(limits.openingPerPerson)
  let calm: Promise<void> = Promise.resolve()

  /** @returns what waits until nothing changes any more, and tells when that does not come */
  async function work(path: string, random: (below: number) => number): Promise<() => Promise<void>> {
    const [left, right] = await inTurn('open', () => Promise.all([desks.ada.open(path), desks.mei.open(path)]))
    if (++opened === paths.length) areOpen()
    const disk = join(workspace, path)
    const onDisk = () => readFileSync(disk, 'utf8')
    /** Words that must be there; those that may be; those that a conflict holds twice. */
    const must = new Set<string>()
    const may = new Set<string>(['start', 'middle', 'end'])
    const twice = new Set<string>()
    let words = 0
    /** What was done to the file last, with the second it was done in. */
    const steps: string[] = []
    const note = (step: string) => {
      steps.push(`${(performance.now() / 1_000).toFixed(2)} ${step}`)
      if (steps.length > lastSteps) steps.shift()
    }
    const newWord = (who: string) => `${who}${path.replace(/^.*\/|\D/g, '')}x${++words}`
    // One who takes a blank away while another writes behind it leaves two words together: both are there.
    const wordsOf = (text: string) => text.match(/start|middle|end|[a-z]\d+x\d+/g) ?? []
    /** Between words. */
    const placeIn = (text: string) => {
      const places = [0, ...[...text.matchAll(/[ \n]/g)].map(({ index }) => index + 1)]
      return places[random(places.length)] ?? 0
    }
    const newly = (who: string) => {
      const word = newWord(who)
      note(`+${word}`)
      return { word, piece: `${word}${random(3) === 0 ? '\n' : ' '}` }
    }
    const removed = (text: string) => {
      const all = wordsOf(text)
      const word = all[random(all.length || 1)]
      if (word === undefined) return undefined
      must.delete(word)
      may.add(word)
      note(`-${word}`)
      return { word, at: text.search(new RegExp(String.raw`${word}(?!\d)`)) }
    }

    function person(who: 'a' | 'm'): void {
      const { text } = who === 'a' ? left : right
      const now = text.toString()
      if (random(4) === 0) {
        const gone = removed(now)
        if (gone) text.delete(gone.at, gone.word.length)
        return
      }
      const { word, piece } = newly(who)
      text.insert(placeIn(now), piece)
      must.add(word)
    }

    function program(): void {
      const now = onDisk()
      let next: string
      let append: string | undefined
      if (random(4) === 0) {
        const gone = removed(now)
        if (!gone) return
        next = now.slice(0, gone.at) + now.slice(gone.at + gone.word.length)
      } else {
        const { word, piece } = newly('d')
        const at = placeIn(now)
        if (random(3) === 0) append = piece
        next = now.slice(0, at) + piece + now.slice(at)
        must.add(word)
      }
      if (append !== undefined) return appendFileSync(disk, append)
      if (random(2) === 0) return writeFileSync(disk, next)
      writeFileSync(`${disk}.new`, next)
      outcome.replaced++
      return renameSync(`${disk}.new`, disk)
    }

    async function agent(): Promise<void> {
      const where = { projectId, causedBy: ada.id, path }
      const read = await server.agent('read_file', where)
      const content = read?.status === 'ok' ? (read.value as { content: string }).content : undefined
      const old = content && wordsOf(content)[random(wordsOf(content).length)]
      if (!old) return
      const { word, piece } = newly('g')
      may.add(word)
      const done = await server.agent('edit_file', where, { old, new: `${piece}${old}` })
      if (done?.status === 'ok') {
        may.delete(word)
        must.add(word)
        // Whoever removed what it stands at may have removed it as well.
      }
    }

    /** What is put back a moment after somebody's edit stands: it is not written over, and whoever wrote may bring it back. */
    async function restore(): Promise<void> {
      const was = onDisk()
      const { kills } = outcome
      if (random(2) === 0) person('a')
      else await agent()
      for (const late = performance.now() + 2_000; onDisk() === was && performance.now() < late;) await wait(2)
      const now = onDisk()
      if (now === was) return
      await wait(random(300))
      if (onDisk() !== now) return
      writeFileSync(disk, was)
      note('put back')
      outcome.restored++
      const before = new Set<string>(wordsOf(was))
      for (const word of wordsOf(now)) {
        if (!before.has(word)) must.delete(word)
        may.add(word)
      }
      // Nobody writes here but this one: there is no second try.
      const isBack = () => [left.says(), right.says(), onDisk()].every((text) => text === was)
      let late = performance.now() + restMs
      let since: number | undefined
      for (let known = calm; performance.now() < late;) {
        // What is put back while the server is dead cannot be told from an edit that had not come to the disk.
        if (kills !== outcome.kills) return
        // Who is cut off shows it too, and may get the edit before it is put back: it is back when it stays so.
        if (!isBack()) since = undefined
        else if (performance.now() - (since ??= performance.now()) > 400) return
        await wait(20)
        await calm
        // Who was cut off has that time from then on.
        if (known !== calm) [known, late] = [calm, performance.now() + restMs]
      }
      tell({ kind: 'undone', path, wanted: was, a: left.says(), m: right.says(), disk: onDisk(), links: [left.link(), right.link()] })
    }

    async function rest(): Promise<void> {
      const latest = performance.now() + mostRestMs
      let late = performance.now() + restMs
      for (let known = calm; ;) {
        await calm
        // A server that has just come back has its time.
        if (known !== calm) [known, late] = [calm, performance.now() + restMs]
        for (const conflict of desks.ada.conflicts(path)) {
          for (const word of [...wordsOf(conflict.mine.text), ...wordsOf(conflict.disk.text), ...wordsOf(conflict.base)]) twice.add(word)
          const answer = await ada.fetch(`${api}/conflicts/${conflict.id}/resolve`, { method: 'POST', body: { keep: 'both' } }).catch(() => undefined)
          note(`conflict ${conflict.mine.text} / ${conflict.disk.text}`)
          if (answer?.ok) outcome.conflicts++
        }
        const [a, m] = [left.says(), right.says()]
        const found = existsSync(disk) ? onDisk() : undefined
        const counts = Map.groupBy(wordsOf(a), (word) => word)
        const wrong = [...must].filter((word) => {
          const count = counts.get(word)?.length ?? 0
          return count === 0 || (count > 1 && !twice.has(word))
        })
        if (a === m && a === found && wrong.length === 0) return
        if (performance.now() > Math.min(late, latest)) {
          tell({
            steps,
            kind: wrong.some((word) => !counts.has(word)) ? 'lost' : 'unlike',
            path,
            wrong: wrong.map((word) => `${word}×${counts.get(word)?.length ?? 0}`),
            same: [a === m, a === found],
            links: [left.link(), right.link()],
            state: desks.ada.state(path),
            a: a.slice(0, 1500),
            m: a === m ? '=' : m.slice(0, 1500),
            disk: a === found ? '=' : found?.slice(0, 1500),
          })
          for (const word of wrong) must.delete(word)
          return
        }
        await wait(20)
      }
    }

    const beside = paths.indexOf(path) % 3
    const formatter = beside === 0 ? formatOnChange(disk, random, () => outcome.formatted++) : undefined
    const builder = beside === 1 ? rebuildOnChange(disk, random, () => outcome.rebuilt++) : undefined
    while (begun < options.interleavings) {
      begun++
      for (let left_ = 3 + random(6); left_ > 0; left_--) {
        const who = random(8)
        if (who < 3) person('a')
        else if (who < 5) person('m')
        // Two programs that write one file at once lose each other's words by themselves.
        else if (who < 7 && !formatter) program()
        else await agent()
        outcome.edits++
        if (random(3) === 0) await wait(random(40))
      }
      await rest()
      if (!formatter && random(8) === 0) {
        await restore()
        await rest()
      }
      outcome.interleavings++
      if (left.says().length > 1_200) {
        for (const word of wordsOf(left.says())) {
          must.delete(word)
          may.add(word)
        }
        left.text.delete(0, left.text.length)
        left.text.insert(0, first)
        must.clear()
        twice.clear()
        for (const word of ['start', 'middle', 'end']) twice.add(word)
      }
    }
    return async () => {
      const now = () => JSON.stringify([left.says(), right.says(), onDisk(), statSync(disk).mtimeMs])
      const built = () => (existsSync(`${disk}.built`) ? readFileSync(`${disk}.built`, 'utf8') : build(first))
      const isBuilt = () => !builder || built() === build(onDisk())
      let was = now()
      let since = performance.now()
      for (const late = since + quiet.withinMs; performance.now() - since < quiet.forMs && performance.now() < late;) {
        await wait(50)
        if (was !== now() || !isBuilt()) [was, since] = [now(), performance.now()]
      }
      if (performance.now() - since < quiet.forMs) tell({ kind: 'restless', path, built: isBuilt(), last: was })
      formatter?.stop()
      builder?.stop()
    }
  }

  /** People's connections break, and the server dies, while the others go on. */
  async function trouble(random: (below: number) => number): Promise<void> {
    await allOpen
    let nextKill = options.killEvery
    while (outcome.interleavings < options.interleavings && begun < options.interleavings) {
      await wait(50 + random(200))
      if (random(3) === 0) {
        const { socket } = random(2) === 0 ? desks.ada : desks.mei
        outcome.disconnects++
        calm = (async () => {
          await broken(socket)
          await wait(random(150))
          await mended(socket)
        })()
        await calm
      }
      if (outcome.interleavings >= nextKill) {
        nextKill += options.killEvery
        outcome.kills++
        calm = server.kill().then(async () => void (await server.start()))
        await calm
        options.log?.(
          `${outcome.interleavings} interleavings, ${outcome.kills} kills, ${outcome.conflicts} conflicts, ${countFaults(outcome.faults)}`,
        )
      }
    }
  }

  try {
    const random = chance(seed)
    const working = paths.map((path) => work(path, chance(random(2 ** 31))))
    const [, ...comeToRest] = await Promise.all([trouble(chance(random(2 ** 31))), ...working])
    await Promise.all(comeToRest.map((rest) => rest()))
  } finally {
    desks.ada.close()
    desks.mei.close()
    await server.kill()
    await rm(dataDir, { recursive: true, force: true })
  }
  return outcome
}

/** A client that still closes does not hear that it is to connect: it is told until it has heard. */
async function mended(socket: HocuspocusProviderWebsocket): Promise<void> {
  while (!socket.shouldConnect) {
    void socket.connect()
    await wait(20)
  }
}

/** Told to connect while it still closes, the client would never do so. */
async function broken(socket: HocuspocusProviderWebsocket): Promise<void> {
  if (socket.status !== WebSocketStatus.Connected) return
  socket.disconnect()
  // Bounded: a close that is never told must not end all trouble.
  for (const late = performance.now() + 5_000; socket.status === WebSocketStatus.Connected && performance.now() < late;) await wait(5)
}

/** Where the local host keeps the one project's files. */
async function workspaceIn(dataDir: string): Promise<string> {
  for (const entry of await readdir(dataDir, { recursive: true })) {
    if (entry.endsWith('/d0/f0.txt')) return join(dataDir, entry.slice(0, -'/d0/f0.txt'.length))
  }
  throw new Error('no workspace found')
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
