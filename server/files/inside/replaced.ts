/**
 * Files that were replaced a moment ago: a program that has one open may still write to it. What is in it after a second, and
 * was not before, is told: {late: path, was, text}. A journal names them, so that what a helper that was killed had not looked at
 * yet is told when the file is asked for next.
 */
import { appendFileSync, readFileSync, unlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { asText, hashOf, orUndefined, store } from './files.ts'
import { say } from './lines.ts'

type Replaced = { spare: string; path: string; was: string; mine: string }

const journal = join(store, 'journal')

const lateMs = 1_000
/** To be looked at when their time has come; the oldest first. */
const waiting: { at: number; spare: string; path: string; was: string }[] = []
const left = new Map<string, Replaced[]>()

for (const line of (orUndefined(() => readFileSync(journal, 'utf8')) ?? '').split('\n')) {
  const entry = orUndefined(() => JSON.parse(line) as [string, string, string, string])
  // What the sandbox says of itself is not followed out of this folder.
  if (!Array.isArray(entry) || entry.some((word) => typeof word !== 'string') || basename(entry[0]) !== entry[0]) continue
  const [spare, path, was, mine] = entry
  left.set(path, [...(left.get(path) ?? []), { spare: join(store, spare), path, was, mine }])
}

export const noteReplaced = ({ spare, path, was, mine }: Replaced) => appendFileSync(journal, `${JSON.stringify([spare, path, was, mine])}\n`)

function tellWhatCame(spare: string, path: string, was: string, known: readonly string[]): void {
  const bytes = orUndefined(() => readFileSync(spare))
  orUndefined(() => unlinkSync(spare))
  const text = bytes && !known.includes(hashOf(bytes)) ? asText(bytes) : undefined
  if (text !== undefined) say({ late: path, was, text })
}

function forgetJournal(): void {
  if (waiting.length === 0 && left.size === 0) orUndefined(() => unlinkSync(journal))
}

/** What an earlier helper left behind of this file. */
export function lookLeft(path: string): void {
  const entries = left.get(path)
  if (!entries) return
  left.delete(path)
  for (const { spare, was, mine } of entries) tellWhatCame(spare, path, was, [was, mine])
  forgetJournal()
}

export const waitForLate = (spare: string, path: string, was: string) => void waiting.push({ at: performance.now() + lateMs, spare, path, was })

/** Looks at those whose second is over, or at all of them. */
export function lookAtReplaced(everything = false): void {
  for (let next = waiting[0]; next && (everything || next.at <= performance.now()); next = waiting[0]) {
    waiting.shift()
    tellWhatCame(next.spare, next.path, next.was, [next.was])
    forgetJournal()
  }
}
