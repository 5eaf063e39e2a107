import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { openDesk } from '../file-desk.ts'
import type { Run } from './run.ts'
import { createWords, type Random, type Words, wordsOf } from './words.ts'

type OpenFile = Awaited<ReturnType<ReturnType<typeof openDesk>['open']>>

/** One file that all work at: in Ada's hands `left`, in Mei's `right`, and on the `disk`. */
export type SharedFile = { run: Run; path: string; disk: string; left: OpenFile; right: OpenFile; words: Words; random: Random }

export async function openSharedFile(run: Run, path: string, random: Random): Promise<SharedFile> {
  const { left, right } = await run.openOnBothDesks(path)
  return { run, path, disk: join(run.workspace, path), left, right, words: createWords(path, random), random }
}

export const onDisk = ({ disk }: SharedFile): string => readFileSync(disk, 'utf8')

/** Ada or Mei writes a word, or removes one. */
export function writeAsPerson({ left, right, words, random }: SharedFile, who: 'a' | 'm'): void {
  const { text } = who === 'a' ? left : right
  const now = text.toString()
  if (random(4) === 0) {
    const gone = words.takeAway(now)
    if (gone) text.delete(gone.at, gone.word.length)
    return
  }
  const { word, piece } = words.makeNew(who)
  text.insert(words.placeIn(now), piece)
  words.demand(word)
}

/** A program does, on the disk: it appends, writes in place, or puts another file there. */
export function writeAsProgram(file: SharedFile): void {
  const { run, disk, words, random } = file
  const now = onDisk(file)
  let next: string
  let append: string | undefined
  if (random(4) === 0) {
    const gone = words.takeAway(now)
    if (!gone) return
    next = now.slice(0, gone.at) + now.slice(gone.at + gone.word.length)
  } else {
    const { word, piece } = words.makeNew('d')
    const at = words.placeIn(now)
    if (random(3) === 0) append = piece
    next = now.slice(0, at) + piece + now.slice(at)
    words.demand(word)
  }
  if (append !== undefined) return appendFileSync(disk, append)
  if (random(2) === 0) return writeFileSync(disk, next)
  writeFileSync(`${disk}.new`, next)
  run.outcome.replaced++
  return renameSync(`${disk}.new`, disk)
}

/** An agent reads the file and writes a word before one that it has read. */
export async function writeAsAgent({ run, path, words, random }: SharedFile): Promise<void> {
  const where = { projectId: run.projectId, causedBy: run.ada.id, path }
  const read = await run.server.agent('read_file', where)
  const content = read?.status === 'ok' ? (read.value as { content: string }).content : undefined
  const old = content && wordsOf(content)[random(wordsOf(content).length)]
  if (!old) return
  const { word, piece } = words.makeNew('g')
  const done = await run.server.agent('edit_file', where, { old, new: `${piece}${old}` })
  // Whoever removed what it stands at may have removed it as well.
  if (done?.status === 'ok') words.demand(word)
}
