import { existsSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from '../format-on-change.ts'
import { firstText, wordsOf } from './words.ts'
import { onDisk, type SharedFile } from './writers.ts'

/** Far below what a test may take: what does not come to rest is told with what it holds. */
export const restMs = 90_000
/** With patience renewed whenever somebody was cut off, it still ends. */
const mostRestMs = 5 * restMs
/** When nobody writes any more, there is a time of this length without any change, before that much has passed. */
const quiet = { forMs: 2_000, withinMs: 20_000 }

/** Waits until all see what is on the disk, and in it every word that must be there; tells when that does not come. */
export async function comeToRest(file: SharedFile): Promise<void> {
  const { run, words, left, right, disk } = file
  const latest = performance.now() + mostRestMs
  let late = performance.now() + restMs
  for (let known = run.calm; ;) {
    await run.calm
    // A server that has just come back has its time.
    if (known !== run.calm) [known, late] = [run.calm, performance.now() + restMs]
    await resolveConflicts(file)
    const seen = { a: left.says(), m: right.says(), disk: existsSync(disk) ? onDisk(file) : undefined }
    const wrong = words.wrongIn(seen.a)
    if (seen.a === seen.m && seen.a === seen.disk && wrong.length === 0) return
    if (performance.now() > Math.min(late, latest)) {
      run.tell(describeUnrest(file, seen, wrong))
      for (const { word } of wrong) words.excuse(word)
      return
    }
    await wait(20)
  }
}

/** Both versions stay: what is in either may be there twice. */
async function resolveConflicts({ run, path, words }: SharedFile): Promise<void> {
  for (const { id, mine, disk, base } of run.desks.ada.conflicts(path)) {
    words.allowTwice([...wordsOf(mine.text), ...wordsOf(disk.text), ...wordsOf(base)])
    const answer = await run.ada.fetch(`${run.api}/conflicts/${id}/resolve`, { method: 'POST', body: { keep: 'both' } }).catch(() => undefined)
    words.note(`conflict ${mine.text} / ${disk.text}`)
    if (answer?.ok) run.outcome.conflicts++
  }
}

type Seen = { a: string; m: string; disk: string | undefined }

function describeUnrest({ run, path, words, left, right }: SharedFile, { a, m, disk }: Seen, wrong: { word: string; count: number }[]) {
  return {
    steps: words.steps,
    kind: wrong.some(({ count }) => count === 0) ? ('lost' as const) : ('unlike' as const),
    path,
    wrong: wrong.map(({ word, count }) => `${word}×${count}`),
    same: [a === m, a === disk],
    links: [left.link(), right.link()],
    state: run.desks.ada.state(path),
    a: a.slice(0, 1500),
    m: a === m ? '=' : m.slice(0, 1500),
    disk: a === disk ? '=' : disk?.slice(0, 1500),
  }
}

/** Waits until nothing changes any more, and tells when that does not come. @param isBuilt a program builds another file of this one */
export async function becomeQuiet(file: SharedFile, isBuilt: boolean): Promise<void> {
  const { run, path, disk, left, right } = file
  const now = () => JSON.stringify([left.says(), right.says(), onDisk(file), statSync(disk).mtimeMs])
  const built = () => (existsSync(`${disk}.built`) ? readFileSync(`${disk}.built`, 'utf8') : build(firstText))
  const isUpToDate = () => !isBuilt || built() === build(onDisk(file))
  let was = now()
  let since = performance.now()
  for (const late = since + quiet.withinMs; performance.now() - since < quiet.forMs && performance.now() < late;) {
    await wait(50)
    if (was !== now() || !isUpToDate()) [was, since] = [now(), performance.now()]
  }
  if (performance.now() - since < quiet.forMs) run.tell({ kind: 'restless', path, built: isUpToDate(), last: was })
}
