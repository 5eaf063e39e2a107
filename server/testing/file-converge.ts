import { setTimeout as wait } from 'node:timers/promises'
import type { Outcome } from './converge/outcome.ts'
import { putBack } from './converge/put-back.ts'
import { becomeQuiet, comeToRest } from './converge/rest.ts'
import { openRun, type Options, type Run } from './converge/run.ts'
import { makeTrouble } from './converge/trouble.ts'
import { chance, firstText, type Random } from './converge/words.ts'
import { openSharedFile, type SharedFile, writeAsAgent, writeAsPerson, writeAsProgram } from './converge/writers.ts'
import { formatOnChange, rebuildOnChange } from './format-on-change.ts'

/** A text that has grown to this length gives way to `firstText`. */
const mostLength = 1_200

/**
 * Ada, Mei, an agent and programs on the disk change the same files at once, in `interleavings` random orders, while people lose their
 * connection and the server is killed. Some files are watched by a program that formats them, slowly, from what it read a while ago, some by
 * one that builds another file of them; and now and then a program puts an older text back, which then stands. After each order everybody must see what is on the disk, and in it every word
 * that somebody wrote and nobody removed: once, or as often as a conflict says.
 */
export async function converge(options: Options): Promise<Outcome> {
  const run = await openRun(options)
  try {
    const random = chance(options.seed)
    const working = run.paths.map((path) => work(run, path, chance(random(2 ** 31))))
    const [, ...becomingQuiet] = await Promise.all([makeTrouble(run, chance(random(2 ** 31))), ...working])
    await Promise.all(becomingQuiet.map((quiet) => quiet()))
  } finally {
    await run.close()
  }
  return run.outcome
}

/** @returns what waits until nothing changes any more, and tells when that does not come */
async function work(run: Run, path: string, random: Random): Promise<() => Promise<void>> {
  const { outcome, options } = run
  const file = await openSharedFile(run, path, random)
  const beside = run.paths.indexOf(path) % 3
  const formatter = beside === 0 ? formatOnChange(file.disk, random, () => outcome.formatted++) : undefined
  const builder = beside === 1 ? rebuildOnChange(file.disk, random, () => outcome.rebuilt++) : undefined
  while (run.begun < options.interleavings) {
    run.begun++
    await interleave(file, formatter !== undefined)
    await comeToRest(file)
    if (!formatter && random(8) === 0) {
      await putBack(file)
      await comeToRest(file)
    }
    outcome.interleavings++
    if (file.left.says().length > mostLength) beginAnew(file)
  }
  return async () => {
    await becomeQuiet(file, builder !== undefined)
    formatter?.stop()
    builder?.stop()
  }
}

/** A few edits in some order, with and without a pause between them. */
async function interleave(file: SharedFile, isFormatted: boolean): Promise<void> {
  const { run, random } = file
  for (let left = 3 + random(6); left > 0; left--) {
    const who = random(8)
    if (who < 3) writeAsPerson(file, 'a')
    else if (who < 5) writeAsPerson(file, 'm')
    // Two programs that write one file at once lose each other's words by themselves.
    else if (who < 7 && !isFormatted) writeAsProgram(file)
    else await writeAsAgent(file)
    run.outcome.edits++
    if (random(3) === 0) await wait(random(40))
  }
}

function beginAnew({ left, words }: SharedFile): void {
  left.text.delete(0, left.text.length)
  left.text.insert(0, firstText)
  words.beginAnew()
}
