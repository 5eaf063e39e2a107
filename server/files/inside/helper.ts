/**
 * What `../helper-script.ts` does, where a sandbox has no Python: the same questions and answers, one after the other. Node cannot
 * exchange two files: between the last look at a file and its replacement some microseconds pass, in which another program
 * could put a third one there unnoticed. Whoever has the replaced one open is still heard.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { diskPath } from '../../sandboxes/paths.ts'
import { asText, bytesOf, hashOf, infoOf, readBytes, realPathOf, store, walk } from './files.ts'
import { flush, say } from './lines.ts'
import { lookAtReplaced, lookLeft, noteReplaced, waitForLate } from './replaced.ts'

type Question = { id: number; op: 'look' | 'swap' | 'trace'; path: string } & Partial<{
  known: string
  max: number
  expected: string | null
  text: string
  hash: string
  size: number
}>

const home = realPathOf('.')
const idleMs = 900_000
const traced = { withinMs: 8_000, forMs: 2_000, files: 20_000 }
const inodes = new Map<string, number>()

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

/** As far as a path is there its links are followed. */
function follow(path: string): string {
  try {
    return realPathOf(path)
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error
    return join(follow(dirname(path)), basename(path))
  }
}

function place(path: string): string {
  const real = follow(join(home, path))
  if (!real.startsWith(`${home}/`)) throw Object.assign(new Error('the path leads out of the workspace'), { code: 'EACCES' })
  return real
}

function look({ path, known, max = 0 }: Question): object {
  const real = place(path)
  let bytes: Buffer
  let ageMs: number
  try {
    const info = infoOf(real)
    if (info.isDirectory()) return { status: 'folder' }
    if (!info.isFile()) return { status: 'bytes' }
    if (info.size > 4 * max) return { status: 'large' }
    bytes = readBytes(real)
    ageMs = Date.now() - Number(info.ctimeMs)
    inodes.set(path, info.ino)
  } catch (error) {
    if (isMissing(error)) return { status: 'missing' }
    throw error
  }
  const hash = hashOf(bytes)
  if (hash === known) return { status: 'same' }
  if (bytes.length > max) return { status: 'large' }
  const text = asText(bytes)
  return text === undefined ? { status: 'bytes' } : { status: 'text', hash, text, ageMs }
}

function hashNow(real: string): string | null {
  try {
    return hashOf(readBytes(real))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function swap({ path, expected = null, text = '' }: Question): object {
  const real = place(path)
  if (hashNow(real) !== expected) return { status: 'changed' }
  mkdirSync(store, { recursive: true })
  mkdirSync(diskPath(dirname(real)), { recursive: true })
  const bytes = Buffer.from(text)
  const mine = hashOf(bytes)
  const next = join(store, randomUUID())
  try {
    writeFileSync(next, bytes)
    return expected === null ? putNew(next, real, mine) : putInstead(next, real, { path, was: expected, mine })
  } finally {
    rmSync(next, { force: true })
  }
}

function putNew(next: string, real: string, hash: string): object {
  try {
    linkSync(next, diskPath(real))
    return { status: 'done', hash }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { status: 'changed' }
    throw error
  }
}

function putInstead(next: string, real: string, { path, was, mine }: { path: string; was: string; mine: string }): object {
  chmodSync(next, infoOf(real).mode & 0o7777)
  const spare = randomUUID()
  noteReplaced({ spare, path, was, mine })
  const replaced = kept(real, join(store, spare))
  const isExpected = replaced === undefined ? hashNow(real) === was : hashNow(replaced) === was && infoOf(real).ino === infoOf(replaced).ino
  if (!isExpected) {
    if (replaced !== undefined) rmSync(replaced, { force: true })
    return { status: 'changed' }
  }
  renameSync(next, diskPath(real))
  inodes.set(path, infoOf(real).ino)
  if (replaced !== undefined) waitForLate(replaced, path, was)
  return { status: 'done', hash: mine }
}

/** A second name for what is replaced. Undefined where the system refuses it, as for a file of somebody else. */
function kept(real: string, spare: string): string | undefined {
  try {
    linkSync(diskPath(real), spare)
    return spare
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return undefined
    throw error
  }
}

function trace({ path: from, hash, size }: Question): object {
  const since = Date.now() - traced.withinMs
  const ends = performance.now() + traced.forMs
  const alike: { path: string; ino: number }[] = []
  let seen = 0
  for (const { path, info } of walk()) {
    seen += 1
    if (seen > traced.files || performance.now() > ends) return { to: null }
    if (Number(info.size) !== size || Number(info.ctimeMs) < since) continue
    const bytes = bytesOf(path)
    if (bytes && hashOf(bytes) === hash) alike.push({ path, ino: Number(info.ino) })
  }
  const same = alike.filter(({ ino }) => ino === inodes.get(from))
  const found = same.length === 1 ? same : alike.length === 1 ? alike : []
  return { to: found[0]?.path ?? null }
}

function answer(question: Question): object {
  try {
    return { look, swap, trace }[question.op](question)
  } catch (thrown) {
    const { message, code = 'EIO' } = thrown as NodeJS.ErrnoException
    return { error: message, code }
  }
}

function hear(line: string): void {
  const question = JSON.parse(line) as Question
  say({ ...answer(question), id: question.id })
  lookLeft(question.path)
  flush()
}

say({ ready: true })
flush()
let heardAt = performance.now()
createInterface({ input: process.stdin })
  .on('line', (line) => {
    heardAt = performance.now()
    hear(line)
  })
  .on('close', () => {
    lookAtReplaced(true)
    process.exit()
  })
setInterval(() => {
  lookAtReplaced()
  flush()
  if (performance.now() - heardAt > idleMs) process.exit()
}, 500)
