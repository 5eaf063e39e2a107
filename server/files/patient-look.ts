import { setTimeout as wait } from 'node:timers/promises'
import type { FilePath } from '#shared/files/path.ts'
import type { Disk, Look } from './disk.ts'
import type { MergeBase } from './merge-bases.ts'

/** ms. */
const times = {
  /** A file that is replaced by removing and making it is not deleted. */
  gone: 250,
  /** A file that was cut off may only be half written: it is looked at this much later, a few times, more often when it is empty. */
  unfinished: 40,
}
const moreLooks = { cutOff: 3, empty: 12 }

/** `at`: the moment of `performance.now()` when the disk was asked. */
export type TimedLook = { found: Look; at: number }

export async function lookOnce(disk: Disk, path: FilePath, base: MergeBase | undefined): Promise<TimedLook> {
  const at = performance.now()
  return { found: await disk.look(path, base?.hash), at }
}

/** Looks again when a file that was just there is missing: a program may replace it by removing and making it. */
export async function lookAgainWhenMissing(disk: Disk, path: FilePath, base: MergeBase | undefined, look: TimedLook): Promise<TimedLook> {
  if (look.found.status !== 'missing') return look
  await wait(times.gone)
  return lookOnce(disk, path, base)
}

/** Looks again, a few times, when a file is cut off where it was whole: a program is writing it, or has emptied it. */
export async function lookUntilWhole(disk: Disk, path: FilePath, base: MergeBase | undefined, look: TimedLook): Promise<TimedLook> {
  let last = look
  for (let again = 0; isCutOff(last.found, base) && again < (last.found.text === '' ? moreLooks.empty : moreLooks.cutOff); again++) {
    const { hash } = last.found
    await wait(times.unfinished)
    last = await lookOnce(disk, path, base)
    if (last.found.status === 'text' && last.found.hash === hash && last.found.text !== '') break
  }
  return last
}

function isCutOff(found: Look, base: MergeBase | undefined): found is Extract<Look, { status: 'text' }> {
  return found.status === 'text' && base !== undefined && found.text.length < base.text.length && base.text.startsWith(found.text)
}
