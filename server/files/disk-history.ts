import type { Look } from './disk.ts'
import type { MergeBase, MergeBases } from './merge-bases.ts'
import { holdsNews, originOf } from './origin.ts'
import { createRecentTexts } from './recent-texts.ts'
import { diffText } from '../base/text-edits.ts'

/** How many older texts are looked at after a crash: about as many as programs may still work from. */
const mostBefore = 12

/** The text that a found one was made from. `older`: the text of a moment ago, set when whoever wrote since is to be told that it is gone. */
export type Source = { origin: MergeBase | undefined; older: MergeBase | undefined }

export type DiskHistory = ReturnType<typeof createDiskHistory>

/** What the disk holds of one file, has held, and may hold. Whoever changes it does so in the file's turn. */
export function createDiskHistory(texts: MergeBases) {
  let base: MergeBase | undefined
  /** What may be on the disk, or may have been until a moment ago. */
  const others = createRecentTexts()
  /** What was written last when nobody knows whether it came to the disk. */
  let uncertain: MergeBase | undefined

  function setBase(next: MergeBase): void {
    if (base) others.add(base)
    others.prune(next)
    base = next
  }

  return {
    /** What the disk held when it was last seen, all of which the document has taken in. */
    base: () => base,
    /** Begins with what the server knew when the document was put away, or when it crashed. */
    restore(rows: MergeBase[], document: { text: string; marked: number | undefined }): void {
      const valid = validRows(rows, document)
      base = valid.at(-1)
      // The newest may not have come to the disk before a crash, and a program may have read any of the last ones.
      others.restore(valid.slice(-1 - mostBefore, -1))
    },
    /** The disk was not looked at since `restore`: what may have happened before a crash is not certain yet. */
    isUncertain: others.isUncertain,
    /** The disk was looked at. */
    begin: others.begin,
    /** The newest text did not come to the disk before the crash: the disk has the one before. */
    fallBack(hash: string): boolean {
      const before = others.newest()
      if (before?.hash !== hash) return false
      // What was uncertain is certain now.
      base = before
      return true
    },
    /**
     * @param writtenAt when it came to the disk: it may be looked at much later
     * @param since when the commands began that may have written it; undefined: any program may have
     */
    sourceOf(found: string, writtenAt: number, since: number | undefined): Source {
      const all = others.at(writtenAt)
      // A command has read nothing older than its own start. A program that puts an old text back may have kept it for longer.
      const origin = originOf(found, base, all.some(({ text: one }) => one === found) ? all : others.at(writtenAt, since))
      const same = origin === base ? all.find(({ text: one }) => one === found) : undefined
      // What a program had read is not known. A command that changes a text it has read edits like anybody else: nobody is told.
      const older = same ?? (since === undefined ? others.toldSince(writtenAt) : origin === base ? all[0] : undefined)
      const isUndone = older !== undefined && (since === undefined || older === same || !holdsNews(found, older.text, base?.text ?? ''))
      return { origin, older: isUndone ? older : undefined }
    },
    /** The document has taken in what was found on the disk. */
    tookIn(found: MergeBase, origin: MergeBase | undefined): void {
      setBase(found)
      // Of a file that is being rewritten piece by piece, what was there before is nobody's text any more.
      if (origin && diffText(origin.text, found.text).some(({ remove }) => remove > 0)) others.end()
    },
    /** Before it is written: it may come to the disk although nobody hears that it did. */
    beginWrite(written: MergeBase): void {
      uncertain = written
    },
    /** It is on the disk. */
    endWrite(written: MergeBase): void {
      uncertain = undefined
      setBase(written)
    },
    /** Of a write whose end nobody heard, after a look at the disk. @returns whether the disk has it */
    async settleWrite(found: Look): Promise<boolean> {
      const written = uncertain
      uncertain = undefined
      if (!written) return false
      if (found.status === 'text' && found.hash === written.hash) {
        setBase(written)
        return true
      }
      // A program may have changed it there: it stays a text that the disk's may come from.
      if (found.status === 'text') others.add(written)
      else await texts.drop(written)
      return false
    },
    /** The text of this hash that was on the disk at some time. */
    async find(hash: string): Promise<MergeBase | undefined> {
      const known = base?.hash === hash ? base : others.find(hash)
      return known ?? (await texts.read()).findLast((one) => one.hash === hash)
    },
    /** Whatever the disk had: it has this now. */
    overwrote: setBase,
  }
}

/** The texts that the document has merged. After a crash there may be one of the disk that it has not. */
function validRows(rows: MergeBase[], document: { text: string; marked: number | undefined }): MergeBase[] {
  // A single text is what both had when the file was closed.
  const alone = rows.length === 1 && rows[0]?.text === document.text
  return alone ? rows : rows.filter((row) => row.from === 'document' || row.n === document.marked)
}
