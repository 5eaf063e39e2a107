import { cutAfter } from '#shared/base/cut.ts'
import { setTimeout as wait } from 'node:timers/promises'
import type * as Y from 'yjs'
import { asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor, FileState, FileStatus } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import type { Documents, OpenDocument, WriteAs } from '../sync/port.ts'
import { commonMap, mergeInto } from './merge-into-document.ts'
import type { MergeBase, MergeBases } from './merge-bases.ts'
import type { Disk, Look } from './disk.ts'
import { holdsNews, originOf } from './origin.ts'
import { createRecentTexts } from './recent-texts.ts'
import type { FileProjection } from './file-projection.ts'
import { diffText } from './text-edits.ts'
import { createCancellableOpen } from './cancellable-open.ts'

/** ms. */
const times = {
  /** From an edit to the beginning of its way to the disk. */
  gather: 30,
  /** What was put in the place of another file is looked for there for this long. */
  taken: 8_000,
  /** A file that is replaced by removing and making it is not deleted. */
  gone: 250,
  /** A file that was cut off may only be half written: it is looked at this much later, a few times, more often when it is empty. */
  unfinished: 40,
  retry: { first: 500, most: 15_000 },
  settle: 4_000,
}

/** Texts before the last one that are asked after a crash: about as many as a program may still have read. */
const mostBefore = 12

export type LiveFileDeps = {
  projectId: ProjectId
  path: FilePath
  documents: Documents
  disk: Disk
  texts: MergeBases
  view: FileProjection
  sandbox(): Promise<Sandbox>
  isRunning(): Promise<boolean>
  /** To whom a change found on the disk belongs. */
  diskAuthor(): FileAuthor
  /** Since when the commands that may have changed the disk have run. Undefined: any program may have. */
  readSince(): number | undefined
  /** Another open file whose place a text of this hash has just taken. */
  takenBy(hash: string): FilePath | undefined
  /** Where it went is known: its document goes there. Resolves to false when it cannot. */
  wentTo(to: FilePath, by: FileAuthor): Promise<boolean>
  clock: Clock
  log: Logger
}

export type LiveFile = ReturnType<typeof createLiveFile>

/**
 * One file that is open: its document and the disk, kept level. What people write is durable in the document before it goes
 * to the disk; what is found on the disk is durable in the document before anybody sees it. The last text that both had
 * is kept with them, so that whatever happened on either side meanwhile can be merged.
 */
export function createLiveFile(deps: LiveFileDeps) {
  const { projectId, path, documents, disk, texts, view, clock, log } = deps
  const name = { kind: 'file', projectId, path } as const
  const whileOpen = createCancellableOpen(documents, name)
  let doc: Y.Doc | undefined
  /** What the disk held when it was last seen, all of which the document has taken in. */
  let base: MergeBase | undefined
  /** What may be on the disk, or may have been until a moment ago. */
  const others = createRecentTexts()
  /** What was written last when nobody knows whether it came to the disk. */
  let uncertain: MergeBase | undefined
  /** What was found on the disk last. */
  let took = { hash: '', until: 0 }
  /** It is being moved: what is found or missing here means nothing. */
  let held = false
  let state: FileState = { path, status: 'level', since: clock.now() }
  /** Everything else waits for the loading: what opens the document would wait for it within its turn. */
  const { promise: loading, resolve: begin } = Promise.withResolvers<void>()
  let turn: Promise<unknown> = loading
  let timer: NodeJS.Timeout | undefined
  let retryMs = times.retry.first
  let closed = false
  const { promise: closing, resolve: beginClosing } = Promise.withResolvers<false>()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  const text = () => (doc ? fileText(doc).toString() : '')
  const isPending = () => state.status === 'level' || state.status === 'waiting' || state.status === 'failed' || state.status === 'missing'
  const isDirty = () => isPending() && text() !== (base?.text ?? '')

  function say(status: FileStatus, more: Pick<FileState, 'detail' | 'to' | 'by'> = {}): void {
    // What was moved is not deleted as well.
    if (state.status === 'moved' || (state.status === status && state.detail === more.detail)) return
    state = { path, status, since: clock.now(), ...more }
    publish()
  }
  const publish = () => void view.state(projectId, state).catch((err: unknown) => log.warn({ err }, 'the state of a file was not shown'))

  /** Everything from here on happens in turn. */
  function setBase(next: MergeBase): void {
    if (base) others.add(base)
    others.prune(next)
    base = next
  }

  /** @param writtenAt when it came to the disk: it may be looked at much later */
  async function takeIn(found: string, writtenAt: number, write: WriteAs, author: FileAuthor): Promise<void> {
    const all = others.at(writtenAt)
    // A command has read nothing of before it began; who puts a text back may have kept it anywhere.
    const since = deps.readSince()
    const origin = originOf(found, base, all.some(({ text: one }) => one === found) ? all : others.at(writtenAt, since))
    const same = origin === base ? all.find(({ text: one }) => one === found) : undefined
    // Of what a program read nobody can be sure. A command that changes what it has seen is one more who works here.
    const older = same ?? (since === undefined ? others.toldSince(writtenAt) : origin === base ? all[0] : undefined)
    const isUndone = older !== undefined && (since === undefined || older === same || !holdsNews(found, older.text, base?.text ?? ''))
    const added = await texts.add(found, 'disk')
    const { conflicts } = await mergeInto({
      write,
      author,
      path,
      found: added,
      origin: origin?.text ?? '',
      ...(isUndone && { older: older.text }),
      authors: () => documents.authors(name),
      view,
      projectId,
      at: clock.now(),
    })
    setBase(added)
    // Of a file that is being rewritten piece by piece, what was there before is nobody's text any more.
    if (origin && diffText(origin.text, found).some(({ remove }) => remove > 0)) others.end()
    if (conflicts.length > 0) await view.showConflicts(projectId, conflicts)
  }

  /** @returns whether the disk has it */
  async function settleUncertain(found: Look): Promise<boolean> {
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
  }

  /** Looks at the disk and takes in what changed there. @returns whether there is a text file */
  async function pull(writer: () => Promise<WriteAs>): Promise<boolean> {
    const isThere = await takeDisk(writer, others.isUncertain())
    if (!held) others.begin()
    return isThere
  }

  /** @param isFirst since the document was loaded: what may have happened before a crash is not certain yet */
  async function takeDisk(writer: () => Promise<WriteAs>, isFirst: boolean): Promise<boolean> {
    let lookedAt = performance.now()
    let found = await disk.look(path, base?.hash)
    const author = deps.diskAuthor()
    if (found.status === 'missing' && base && !isFirst && state.status !== 'deleted') {
      await wait(times.gone)
      lookedAt = performance.now()
      found = await disk.look(path, base.hash)
    }
    // Cut off where it was whole: a program is writing it, or has emptied it.
    for (
      let again = 0;
      again < (found.status === 'text' && found.text === '' ? 12 : 3) &&
      found.status === 'text' &&
      base &&
      found.text.length < base.text.length &&
      base.text.startsWith(found.text);
      again++
    ) {
      const { hash } = found
      await wait(times.unfinished)
      lookedAt = performance.now()
      found = await disk.look(path, base.hash)
      if (found.status === 'text' && found.hash === hash && found.text !== '') break
    }
    if (held) return false
    if (await settleUncertain(found)) {
      say('level')
      return true
    }
    switch (found.status) {
      case 'same':
        say('level')
        return true
      case 'text': {
        const known = isFirst && others.newest()?.hash === found.hash ? others.newest() : undefined
        // On loading: what was uncertain is certain now.
        if (known) base = known
        else await takeIn(found.text, lookedAt - found.ageMs, await writer(), isFirst && !base ? { kind: 'disk' } : author)
        if (!isFirst) took = { hash: found.hash, until: performance.now() + times.taken }
        say('level')
        return true
      }
      case 'missing':
        if (base && state.status !== 'deleted' && !isFirst) {
          const to = (await disk.trace(path, base.text)) ?? deps.takenBy(base.hash)
          // What goes along opens this document, and perhaps one that opens this one: nobody waits for that who is closed.
          if (to !== undefined && (await Promise.race([deps.wentTo(to, author), closing]))) return false
          if (closed) return false
        }
        if (base) say('deleted', { by: author })
        else say('missing')
        return false
      case 'large':
        say('too_large')
        return false
      default:
        say('not_text', found.status === 'folder' ? { detail: 'There is now a folder in its place.' } : {})
        return false
    }
  }

  /** Writes what the document has to the disk, after taking in what the disk has. */
  async function level(): Promise<void> {
    if (closed || held || !doc || state.status === 'moved') return
    if (!(await deps.isRunning())) return void (isPending() && say('waiting'))
    // Opened when there is something to do: a look alone must not keep a document that nobody uses.
    let opened: Promise<OpenDocument> | undefined
    const open = () => (opened ??= whileOpen.open())
    const writer = async () => (await open()).writeAs
    try {
      if (!(await pull(writer)) && state.status !== 'missing') return
      for (let attempt = 0; attempt < 8 && isDirty(); attempt++) {
        const document = await open()
        const wanted = text()
        await document.flushed()
        const added = await texts.add(wanted, 'document')
        uncertain = added
        if ((await disk.swap(path, base?.hash ?? null, wanted)) === 'done') {
          uncertain = undefined
          setBase(added)
        } else if (!(await pull(writer))) return
        if (base) say('level')
      }
      retryMs = times.retry.first
    } finally {
      const document = await opened?.catch(() => undefined)
      await document?.close()
    }
  }

  async function tryLevel(): Promise<void> {
    try {
      await inTurn(level)
      if (isDirty() && state.status !== 'waiting') schedule(times.gather)
    } catch (thrown) {
      const error = asAppError(thrown)
      if (closed || error.code === 'not_found') return
      if (error.code === 'internal') log.error({ err: thrown, path }, 'an open file could not be brought level with the disk')
      if (isPending()) say(error.code === 'unavailable' ? 'waiting' : 'failed', { detail: cutAfter(error.message, 400) })
      schedule(retryMs)
      retryMs = Math.min(retryMs * 2, times.retry.most)
    }
  }

  function schedule(ms: number): void {
    if (closed) return
    timer ??= setTimeout(() => {
      timer = undefined
      void tryLevel()
    }, ms)
    timer.unref()
  }

  const onUpdate = () => {
    if (isPending()) schedule(times.gather)
  }

  return {
    path,
    state: () => state,
    isOpen: () => doc !== undefined && !closed,
    /** Whether the document has ever taken in what the disk holds. */
    isKnown: () => base !== undefined,
    hasTaken: (hash: string) => state.status !== 'moved' && took.hash === hash && took.until > performance.now(),
    /** The text that the disk held last, empty when it never held one. */
    common: () => base?.text ?? '',
    text,
    publish,
    /** Before anybody sees the document. Without a sandbox it is shown as it was last. */
    async load(loaded: Y.Doc, write: WriteAs): Promise<void> {
      try {
        const rows = await texts.read()
        const marked = commonMap(loaded).get('n')
        // Alone, it is what both had when the file was closed.
        const alone = rows.length === 1 && rows[0]?.text === fileText(loaded).toString()
        const valid = alone ? rows : rows.filter((row) => row.from === 'document' || row.n === marked)
        base = valid.at(-1)
        // The newest may not have come to the disk before a crash, and a program may have read any of the last ones.
        others.restore(valid.slice(-1 - mostBefore, -1))
        try {
          await pull(async () => write)
        } catch (thrown) {
          log.debug({ err: thrown, path }, 'a file was opened without its sandbox')
          say('waiting')
        }
        doc = loaded
      } finally {
        begin()
      }
      loaded.on('update', onUpdate)
      if (isDirty()) schedule(times.gather)
      publish()
    },
    /** Something changed on the disk, perhaps this file; or the sandbox runs again. */
    look: () => void tryLevel(),
    sandboxStopped: () => {
      if (isPending()) say('waiting')
    },
    /** Resolves when what was written so far is on the disk, or cannot be now; after `times.settle` at the latest. */
    async settle(): Promise<void> {
      if (!doc) return
      const late = performance.now() + times.settle
      const tooLate = wait(times.settle, undefined, { ref: false })
      do await Promise.race([tryLevel(), tooLate])
      while (isDirty() && !held && state.status === 'level' && performance.now() < late)
    },
    say,
    /**
     * A program that had the file open wrote into what we had replaced: what it made of the text whose hash is `was` is taken in.
     */
    late: (was: string, found: string) =>
      inTurn(async () => {
        if (closed) return
        const known = base?.hash === was ? base : others.find(was)
        const origin = known ?? (await texts.read()).findLast((one) => one.hash === was)
        if (!origin) return log.warn({ path }, 'a late write could not be taken in: from which text it came is not known')
        const open = await whileOpen.open()
        try {
          const { conflicts } = await mergeInto({
            write: open.writeAs,
            author: deps.diskAuthor(),
            path,
            found: { text: found },
            origin: origin.text,
            authors: () => documents.authors(name),
            view,
            projectId,
            at: clock.now(),
          })
          if (conflicts.length > 0) await view.showConflicts(projectId, conflicts)
        } finally {
          await open.close()
        }
      }),
    /** The text goes to the disk, whatever is there. */
    writeBack: () =>
      inTurn(async () => {
        const open = await whileOpen.open()
        try {
          const wanted = text()
          await open.flushed()
          const added = await texts.add(wanted, 'document')
          await (await deps.sandbox()).files.write(path, wanted)
          setBase(added)
          say('level')
          return new TextEncoder().encode(wanted).length
        } finally {
          await open.close()
        }
      }),
    /** It is being moved: until `release`, nothing is written, and nothing that is missing is taken for deleted. */
    hold: () =>
      inTurn(async () => {
        held = true
      }),
    release(): void {
      held = false
      schedule(0)
    },
    async close(): Promise<void> {
      closed = true
      beginClosing(false)
      whileOpen.end()
      begin()
      clearTimeout(timer)
      doc?.off('update', onUpdate)
      const settled = base && state.status === 'level' && text() === base.text ? base.text : undefined
      await turn.catch(() => undefined)
      if (settled !== undefined) await texts.settle(settled)
    },
  }
}
