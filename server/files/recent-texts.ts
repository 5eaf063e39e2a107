import type { MergeBase } from './merge-bases.ts'

/** A program that read the file before we wrote it may still write back what it made of that. In ms. */
const staleMs = 1_500
/** Who has just written hears of it when a program removes that, however long ago the program read the file. In ms. */
const toldMs = 10_000
/** On a busy machine what a program wrote is looked at that much later. In ms. */
export const mostLagMs = 15_000
/** More than come about in `toldMs`. */
const mostKept = 64

/** `isOver`: no program works from it any more. */
type Recent = { text: MergeBase; replacedAt: number; isOver: boolean }

/** Texts of one file that the disk had until a moment ago, any of which a program may have read. Moments are those of `performance.now()`. */
export function createRecentTexts() {
  let texts: Recent[] = []
  let isUncertain = false

  return {
    /** It is not on the disk any more. */
    add(text: MergeBase): void {
      texts.push({ text, replacedAt: performance.now(), isOver: false })
    },
    /** After a crash: any of them may be what the disk has, or what a program has read. */
    restore(before: readonly MergeBase[]): void {
      isUncertain = true
      texts = before.map((text) => ({ text, replacedAt: Number.POSITIVE_INFINITY, isOver: false }))
    },
    /** The disk was looked at after the crash: from now on they are like any other. */
    begin(): void {
      if (!isUncertain) return
      isUncertain = false
      const now = performance.now()
      texts = texts.map((one) => ({ ...one, replacedAt: Math.min(one.replacedAt, now) }))
    },
    /** The disk was not looked at since the crash, if there was one. */
    isUncertain: () => isUncertain,
    /** @param text what the disk has now */
    prune(text: MergeBase): void {
      const oldest = performance.now() - Math.max(staleMs + mostLagMs, toldMs)
      texts = texts.filter(({ replacedAt, text: other }) => replacedAt > oldest && other !== text).slice(-mostKept)
    },
    /** Those that a program may have read that wrote at that moment, in order; with `since` those that the disk still had then. */
    at(moment: number, since = Number.NEGATIVE_INFINITY): MergeBase[] {
      return texts.filter(({ replacedAt, isOver }) => !isOver && replacedAt >= Math.max(moment - staleMs, since)).map(({ text }) => text)
    },
    /** The text of `toldMs` before that moment: whoever has written since is told when a program removes it. */
    toldSince: (moment: number): MergeBase | undefined => texts.find(({ replacedAt }) => replacedAt >= moment - toldMs)?.text,
    newest: (): MergeBase | undefined => texts.at(-1)?.text,
    find: (hash: string): MergeBase | undefined => texts.find(({ text }) => text.hash === hash)?.text,
    /** Nobody works from any of them any more. */
    end(): void {
      texts = texts.map((one) => ({ ...one, isOver: true }))
    },
  }
}
