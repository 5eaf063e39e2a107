import type * as Y from 'yjs'
import type { RunId } from '#shared/base/ids.ts'
import { authorOf, readRanges } from '#shared/files/doc.ts'
import type { ClientAuthor, FileAuthor, WrittenTime } from '#shared/files/state.ts'
import { createStore, type Store } from '../ui/store.ts'
import type { Written } from '../editor/written-by.ts'

export type WrittenWords = { command(agent: string): string; sandbox: string; own: string }

/** What a stretch says of who wrote it; undefined for the text as it was found. */
function describe(author: FileAuthor, words: WrittenWords): Pick<Written, 'name' | 'kind'> | undefined {
  switch (author.kind) {
    case 'user':
      return { name: author.name, kind: 'person' }
    case 'agent':
      return { name: author.by === 'command' ? words.command(author.name) : author.name, kind: author.by === 'command' ? 'command' : 'agent' }
    case 'sandbox':
      return { name: words.sandbox, kind: 'command' }
    case 'disk':
      return undefined
  }
}

/** Stretches of a text with their authors, neighbours of one author joined; what is unknown or was found on the disk is left out. */
export function writtenOf(
  text: Y.Text,
  authors: readonly ClientAuthor[],
  options: { own: number; runId: RunId | undefined; words: WrittenWords; seenAt(client: number, clock: number): number | undefined },
): { written: Written[]; unknown: boolean } {
  const written: Written[] = []
  let unknown = false
  for (const range of readRanges(text)) {
    const author = authorOf(authors, range)
    if (!author && range.client !== options.own) {
      unknown = true
      continue
    }
    const said = author ? describe(author, options.words) : { name: options.words.own, kind: 'person' as const }
    if (!said) continue
    // A person's client id lasts as long as a page is open: only of others does its beginning say when they wrote.
    const began = author && author.kind !== 'user' ? authors.find((one) => one.client === range.client && !one.clocks)?.at : undefined
    const at = options.seenAt(range.client, range.from + (range.end - range.start) - 1) ?? began
    const inRun = author?.kind === 'agent' && author.runId === options.runId
    const last = written.at(-1)
    if (last && last.to === range.start && last.name === said.name && last.kind === said.kind && last.inRun === inRun) {
      last.to = range.end
      if (at !== undefined) last.at = Math.max(last.at ?? 0, at)
    } else written.push({ from: range.start, to: range.end, ...said, at, inRun })
  }
  return { written, unknown }
}

export type WrittenSource = {
  written: Store<readonly Written[]>
  setAuthors(authors: readonly ClientAuthor[], times?: readonly WrittenTime[]): void
  setRun(runId: RunId | undefined): void
  stop(): void
}

/** Reads the text a moment after it changed, not with each key. */
const settleMs = 250
/** Asks who wrote no more often than this, but always once more after what came last. */
const askEveryMs = 1500

/**
 * Who wrote what in a text, kept up as it changes. `askAuthors` is called when somebody wrote of whom nothing is known yet.
 */
export function createWrittenSource(text: Y.Text, words: WrittenWords, askAuthors: () => void): WrittenSource {
  const written = createStore<readonly Written[]>([])
  const seen = new Map<number, { from: number; at: number }[]>()
  const own = text.doc?.clientID ?? -1
  let authors: readonly ClientAuthor[] = []
  let runId: RunId | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: ReturnType<typeof setTimeout> | undefined
  let asked = Number.NEGATIVE_INFINITY

  /** By client id, in the order of their clocks. */
  let known = new Map<number, readonly WrittenTime[]>()
  const seenAt = (client: number, clock: number) =>
    seen.get(client)?.findLast((one) => one.from <= clock)?.at ?? known.get(client)?.findLast((one) => one.from <= clock)?.at
  const read = () => {
    timer = undefined
    const result = writtenOf(text, authors, { own, runId, words, seenAt })
    written.set(result.written)
    if (result.unknown) asking ??= setTimeout(ask, Math.max(0, asked + askEveryMs - performance.now()))
  }
  const ask = () => {
    asking = undefined
    asked = performance.now()
    askAuthors()
  }
  const soon = () => {
    timer ??= setTimeout(read, settleMs)
  }
  const observe = (_: Y.YTextEvent, transaction: Y.Transaction) => {
    const at = Date.now()
    for (const [client, clock] of transaction.afterState) {
      const from = transaction.beforeState.get(client) ?? 0
      // The first sight of a text says nothing about when it was written.
      if (clock <= from || transaction.beforeState.size === 0) continue
      const times = seen.get(client) ?? []
      const last = times.at(-1)
      if (!last || at - last.at > 5000) times.push({ from, at })
      seen.set(client, times)
    }
    soon()
  }
  text.observe(observe)
  soon()
  return {
    written,
    setAuthors(next, times = []) {
      authors = next
      known = Map.groupBy(times, ({ client }) => client)
      soon()
    },
    setRun(next) {
      if (next === runId) return
      runId = next
      soon()
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(asking)
      text.unobserve(observe)
    },
  }
}
