import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { restMs } from './rest.ts'
import { wordsOf } from './words.ts'
import { onDisk, type SharedFile, writeAsAgent, writeAsPerson } from './writers.ts'

/** What is put back a moment after somebody's edit stands: it is not written over, and whoever wrote may bring it back. */
export async function putBack(file: SharedFile): Promise<void> {
  const { run, disk, words, random } = file
  const was = onDisk(file)
  const { kills } = run.outcome
  if (random(2) === 0) writeAsPerson(file, 'a')
  else await writeAsAgent(file)
  for (const late = performance.now() + 2_000; onDisk(file) === was && performance.now() < late;) await wait(2)
  const now = onDisk(file)
  if (now === was) return
  await wait(random(300))
  if (onDisk(file) !== now) return
  writeFileSync(disk, was)
  words.note('put back')
  run.outcome.restored++
  const before = new Set<string>(wordsOf(was))
  for (const word of wordsOf(now)) if (!before.has(word)) words.excuse(word)
  await staysBack(file, was, kills)
}

/** Tells when it does not. @param kills how often the server had been killed before anybody wrote */
async function staysBack(file: SharedFile, was: string, kills: number): Promise<void> {
  const { run, path, left, right } = file
  // Nobody writes here but this one: there is no second try.
  const isBack = () => [left.says(), right.says(), onDisk(file)].every((text) => text === was)
  let late = performance.now() + restMs
  let since: number | undefined
  for (let known = run.calm; performance.now() < late;) {
    // What is put back while the server is dead cannot be told from an edit that had not come to the disk.
    if (kills !== run.outcome.kills) return
    // Who is cut off shows it too, and may get the edit before it is put back: it is back when it stays so.
    if (!isBack()) since = undefined
    else if (performance.now() - (since ??= performance.now()) > 400) return
    await wait(20)
    await run.calm
    // Who was cut off has that time from then on.
    if (known !== run.calm) [known, late] = [run.calm, performance.now() + restMs]
  }
  run.tell({
    kind: 'undone',
    path,
    wanted: was,
    a: left.says(),
    m: right.says(),
    disk: onDisk(file),
    links: [left.link(), right.link()],
  })
}
