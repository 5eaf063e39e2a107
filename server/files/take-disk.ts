import type { FileAuthor } from '#shared/files/state.ts'
import type { WriteAs } from '../sync/port.ts'
import { statusOfNoText } from './file-status.ts'
import { type LiveFileState, say } from './live-file-state.ts'
import type { MergeBase } from './merge-bases.ts'
import { mergeInto } from './merge-into-document.ts'
import { lookAgainWhenMissing, lookOnce, lookUntilWhole } from './patient-look.ts'

/** ms. What was put in the place of another file is looked for there for this long. */
const takenMs = 8_000

/**
 * Looks at the disk and takes what changed there into the document. In turn.
 * @param writer asked only when there is something to write
 * @returns whether there is a text file
 */
export async function pull(file: LiveFileState, writer: () => Promise<WriteAs>): Promise<boolean> {
  const isThere = await takeDisk(file, writer, file.history.isUncertain())
  if (!file.held) file.history.begin()
  return isThere
}

/** @param isFirst since the document was loaded: what may have happened before a crash is not certain yet */
async function takeDisk(file: LiveFileState, writer: () => Promise<WriteAs>, isFirst: boolean): Promise<boolean> {
  const { deps, history } = file
  const { disk, path } = deps
  const base = history.base()
  let look = await lookOnce(disk, path, base)
  const author = deps.diskAuthor()
  if (base && !isFirst && file.shown.status !== 'deleted') look = await lookAgainWhenMissing(disk, path, base, look)
  look = await lookUntilWhole(disk, path, base, look)
  const { found } = look
  if (file.held) return false
  if (await history.settleWrite(found)) {
    say(file, 'level')
    return true
  }
  switch (found.status) {
    case 'same':
      say(file, 'level')
      return true
    case 'text':
      if (!isFirst || !history.fallBack(found.hash)) {
        const write = await writer()
        await takeText(file, found.text, look.at - found.ageMs, write, isFirst && !history.base() ? { kind: 'disk' } : author)
      }
      if (!isFirst) file.took = { hash: found.hash, until: performance.now() + takenMs }
      say(file, 'level')
      return true
    case 'missing':
      await takeMissing(file, author, isFirst)
      return false
    default:
      say(file, ...statusOfNoText(found.status))
      return false
  }
}

async function takeText(file: LiveFileState, found: string, writtenAt: number, write: WriteAs, author: FileAuthor): Promise<void> {
  const { deps, history } = file
  const { origin, older } = history.sourceOf(found, writtenAt, deps.readSince())
  const added = await deps.texts.add(found, 'disk')
  const { conflicts } = await mergeFound(file, { write, author, found: added, origin, older })
  history.tookIn(added, origin)
  if (conflicts.length > 0) await deps.view.showConflicts(deps.projectId, conflicts)
}

/** It was deleted, or its document goes along to where it was moved. */
async function takeMissing(file: LiveFileState, author: FileAuthor, isFirst: boolean): Promise<void> {
  const { disk, path, takenBy, wentTo } = file.deps
  const base = file.history.base()
  if (!base) return say(file, 'missing')
  if (file.shown.status !== 'deleted' && !isFirst) {
    const to = (await disk.trace(path, base.text)) ?? takenBy(base.hash)
    // The move opens this document again, perhaps through others: waiting for it while this file is closed would be a deadlock.
    if (to !== undefined && (await Promise.race([wentTo(to, author), file.closing]))) return
    if (file.closed) return
  }
  say(file, 'deleted', { by: author })
}

/**
 * A program that had the file open wrote into what we had replaced: what it made of the text whose hash is `was` is taken in. In turn.
 */
export async function takeLate(file: LiveFileState, was: string, found: string): Promise<void> {
  if (file.closed) return
  const { deps, history, cancellableOpen } = file
  const origin = await history.find(was)
  if (!origin) return deps.log.warn({ path: deps.path }, 'a late write could not be taken in: from which text it came is not known')
  const open = await cancellableOpen.open()
  try {
    const { conflicts } = await mergeFound(file, { write: open.writeAs, author: deps.diskAuthor(), found: { text: found }, origin, older: undefined })
    if (conflicts.length > 0) await deps.view.showConflicts(deps.projectId, conflicts)
  } finally {
    await open.close()
  }
}

type Found = {
  write: WriteAs
  author: FileAuthor
  /** `n` when it is what the disk holds now. */
  found: { text: string; n?: MergeBase['n'] }
  origin: MergeBase | undefined
  /** What the text was before what it undoes. */
  older: MergeBase | undefined
}

function mergeFound({ deps, name }: LiveFileState, { write, author, found, origin, older }: Found) {
  const { documents, path, view, projectId, clock } = deps
  return mergeInto({
    write,
    author,
    path,
    found,
    origin: origin?.text ?? '',
    ...(older && { older: older.text }),
    authors: () => documents.authors(name),
    view,
    projectId,
    at: clock.now(),
  })
}
