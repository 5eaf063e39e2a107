import { cutAfter } from '#shared/base/cut.ts'
import { setTimeout as wait } from 'node:timers/promises'
import type * as Y from 'yjs'
import { asAppError } from '#shared/base/errors.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FileStatus } from '#shared/files/state.ts'
import type { WriteAs } from '../sync/port.ts'
import { isPending, type StatusDetails } from './file-status.ts'
import { createLiveFileState, isDirty, type LiveFileDeps, type LiveFileState, publish, retryTimes, say, textOf } from './live-file-state.ts'
import { commonMap } from './merge-into-document.ts'
import { pull, takeLate } from './take-disk.ts'
import { level, writeBack } from './write-disk.ts'

/** ms. */
const times = {
  /** From an edit to the beginning of its way to the disk. */
  gather: 30,
  settle: 4_000,
}

export type LiveFile = ReturnType<typeof createLiveFile>

/**
 * One file that is open: its document and the disk, kept level. What people write is durable in the document before it goes
 * to the disk; what is found on the disk is durable in the document before anybody sees it. The last text that both had
 * is kept with them, so that whatever happened on either side meanwhile can be merged.
 */
export function createLiveFile(deps: LiveFileDeps) {
  const { path, texts, log } = deps
  const { promise: closing, resolve: beginClosing } = Promise.withResolvers<false>()
  const file = createLiveFileState(deps, closing)
  const { history } = file
  /** Every other turn waits until the document is loaded: one that opened the document before that would wait for ever. */
  const { promise: loading, resolve: begin } = Promise.withResolvers<void>()
  let turn: Promise<unknown> = loading
  let timer: NodeJS.Timeout | undefined

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  async function tryLevel(): Promise<void> {
    try {
      await inTurn(() => level(file))
      if (isDirty(file) && file.shown.status !== 'waiting') schedule(times.gather)
    } catch (thrown) {
      const error = asAppError(thrown)
      if (file.closed || error.code === 'not_found') return
      if (error.code === 'internal') log.error({ err: thrown, path }, 'an open file could not be brought level with the disk')
      if (isPending(file.shown)) say(file, error.code === 'unavailable' ? 'waiting' : 'failed', { detail: cutAfter(error.message, 400) })
      schedule(file.retryMs)
      file.retryMs = Math.min(file.retryMs * 2, retryTimes.most)
    }
  }

  function schedule(ms: number): void {
    if (file.closed) return
    timer ??= setTimeout(() => {
      timer = undefined
      void tryLevel()
    }, ms)
    timer.unref()
  }

  const onUpdate = () => {
    if (isPending(file.shown)) schedule(times.gather)
  }

  return {
    path,
    state: () => file.shown,
    isOpen: () => file.doc !== undefined && !file.closed,
    /** Whether the document has ever taken in what the disk holds. */
    isKnown: () => history.base() !== undefined,
    hasTaken: (hash: string) => file.shown.status !== 'moved' && file.took.hash === hash && file.took.until > performance.now(),
    /** The text that the disk held last, empty when it never held one. */
    common: () => history.base()?.text ?? '',
    text: () => textOf(file),
    publish: () => publish(file),
    /** Before anybody sees the document. Without a sandbox it is shown as it was last. */
    async load(loaded: Y.Doc, write: WriteAs): Promise<void> {
      try {
        await restore(file, loaded, write)
        file.doc = loaded
      } finally {
        begin()
      }
      loaded.on('update', onUpdate)
      if (isDirty(file)) schedule(times.gather)
      publish(file)
    },
    /** Something changed on the disk, perhaps this file; or the sandbox runs again. */
    look: () => void tryLevel(),
    sandboxStopped: () => {
      if (isPending(file.shown)) say(file, 'waiting')
    },
    /** Resolves when what was written so far is on the disk, or cannot be now; after `times.settle` at the latest. */
    async settle(): Promise<void> {
      if (!file.doc) return
      const late = performance.now() + times.settle
      const tooLate = wait(times.settle, undefined, { ref: false })
      do await Promise.race([tryLevel(), tooLate])
      while (isDirty(file) && !file.held && file.shown.status === 'level' && performance.now() < late)
    },
    say: (status: FileStatus, more?: StatusDetails) => say(file, status, more),
    /** A program that had the file open wrote into what we had replaced: what it made of the text whose hash is `was` is taken in. */
    late: (was: string, found: string) => inTurn(() => takeLate(file, was, found)),
    /** The text goes to the disk, whatever is there. */
    writeBack: () => inTurn(() => writeBack(file)),
    /** It is being moved: until `release`, nothing is written, and nothing that is missing is taken for deleted. */
    hold: () =>
      inTurn(async () => {
        file.held = true
      }),
    release(): void {
      file.held = false
      schedule(0)
    },
    async close(): Promise<void> {
      file.closed = true
      beginClosing(false)
      file.cancellableOpen.end()
      begin()
      clearTimeout(timer)
      file.doc?.off('update', onUpdate)
      const base = history.base()
      const settled = base && file.shown.status === 'level' && textOf(file) === base.text ? base.text : undefined
      await turn.catch(() => undefined)
      if (settled !== undefined) await texts.settle(settled)
    },
  }
}

/** Takes in what the disk has, and what was known of both when the document was put away. */
async function restore(file: LiveFileState, loaded: Y.Doc, write: WriteAs): Promise<void> {
  const { texts, log, path } = file.deps
  const rows = await texts.read()
  file.history.restore(rows, { text: fileText(loaded).toString(), marked: commonMap(loaded).get('n') })
  try {
    await pull(file, async () => write)
  } catch (thrown) {
    log.debug({ err: thrown, path }, 'a file was opened without its sandbox')
    say(file, 'waiting')
  }
}
