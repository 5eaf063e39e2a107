import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sandbox as E2bSandbox } from 'e2b'
import ignore from 'ignore'
import { z } from 'zod'
import type { ProjectId } from '#shared/base/ids.ts'
import { EpochMs } from '#shared/base/time.ts'
import { createGate } from '../base/gate.ts'
import { openAsBlob } from 'node:fs'
import { boundsOf } from './bounded-sdk.ts'
import { watchedUpload } from './upload.ts'
import { heavyFolders } from './host/agent/heavy.ts'
import { diskPath } from './host/agent/names.ts'
import { asBase64, printedBytes, printedName } from './raw-output.ts'

const mb = 1024 * 1024
/** What a copy may hold: files up to so much each, and in all before it is compressed. The newest come first. */
export const copyBounds = { fileBytes: 8 * mb, bytes: 96 * mb, files: 20_000, archiveBytes: 128 * mb, ignoreFiles: 100 }
const requestTimeoutMs = 120_000
const maxRulesBytes = 100_000

/** What is known of a project's copy. */
const Copy = z.object({
  at: EpochMs,
  files: z.number().int(),
  bytes: z.number(),
  /** Of what was in the workspace then: unchanged, no new copy is needed. */
  fingerprint: z.string(),
  /** Names of what was left out for its size, at most a few. */
  leftOut: z.array(z.string()),
})
export type Copy = z.infer<typeof Copy>

type Found = { path: string; size: number; changed: string }

/**
 * Copies of workspaces, in `<dataDir>/copies`: from them a sandbox that was lost gets its files back. They are packed and
 * unpacked inside the sandbox: nothing of them is ever a path here.
 */
export function createCopies(deps: { dataDir: string; now(): number }) {
  const folder = join(deps.dataDir, 'copies')
  const archiveOf = (projectId: ProjectId) => join(folder, `${projectId}.tgz`)
  const noteOf = (projectId: ProjectId) => join(folder, `${projectId}.json`)
  /** What takes its name, or goes. */
  const gate = createGate()

  async function read(projectId: ProjectId): Promise<Copy | undefined> {
    try {
      return Copy.parse(JSON.parse(await readFile(noteOf(projectId), 'utf8')))
    } catch {
      return undefined
    }
  }

  return {
    read,

    /** Takes one unless nothing has changed since the last. @returns undefined when there is nothing to keep, or nothing new */
    async take(projectId: ProjectId, sandbox: E2bSandbox): Promise<Copy | undefined> {
      const all = await listFiles(sandbox)
      const fingerprint = createHash('sha256').update(JSON.stringify(all)).digest('hex')
      const last = await read(projectId)
      if (last?.fingerprint === fingerprint || (all.length === 0 && !last)) return undefined
      const wanted = await withoutIgnored(sandbox, all)
      const { kept, leftOut } = withinBounds(wanted)
      const base = `/tmp/.atrium-copy-${sandbox.sandboxId}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const unfinished = `${archiveOf(projectId)}.${process.pid}`
      try {
        await sandbox.files.write(`${base}.list`, listForTar(kept), { useOctetStream: true, requestTimeoutMs })
        // What goes away meanwhile is no failure: tar then ends with 1.
        await sandbox.commands.run(
          `tar --null --no-recursion --ignore-failed-read --warning=no-file-changed -czf ${base}.tgz -T ${base}.list 2>/dev/null; [ $? -le 1 ]`,
          {
            timeoutMs: requestTimeoutMs,
            requestTimeoutMs,
          },
        )
        const stream = await sandbox.files.read(`${base}.tgz`, { format: 'stream', requestTimeoutMs })
        await pipeline(Readable.fromWeb(stream as never), atMost(copyBounds.archiveBytes), createWriteStream(unfinished, { mode: 0o600 }))
        const handle = await open(unfinished, 'r')
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
        const copy: Copy = { at: deps.now(), files: kept.length, bytes: kept.reduce((sum, { size }) => sum + size, 0), fingerprint, leftOut }
        await writeFile(`${noteOf(projectId)}.${process.pid}`, JSON.stringify(copy), { mode: 0o600 })
        await gate.pass(async () => {
          await rename(unfinished, archiveOf(projectId))
          await rename(`${noteOf(projectId)}.${process.pid}`, noteOf(projectId))
        })
        return copy
      } finally {
        await rm(unfinished, { force: true })
        await sandbox.commands.run(`rm -f ${base}.list ${base}.tgz`, { requestTimeoutMs }).catch(() => undefined)
      }
    },

    /** Brings the files into a fresh sandbox. @returns undefined when there is no copy */
    async restore(projectId: ProjectId, sandbox: E2bSandbox): Promise<Copy | undefined> {
      const copy = await read(projectId)
      if (!copy || !(await stat(archiveOf(projectId)).catch(() => undefined))) return undefined
      const base = `/tmp/.atrium-copy-${sandbox.sandboxId}`
      const { stream, signal, over } = watchedUpload((await openAsBlob(archiveOf(projectId))).stream(), boundsOf(sandbox).patience.headMs)
      try {
        await sandbox.files.write(`${base}.tgz`, stream, { useOctetStream: true, signal })
      } finally {
        over()
      }
      await sandbox.commands.run(`tar --no-same-owner -xzf ${base}.tgz && rm -f ${base}.tgz`, { timeoutMs: requestTimeoutMs, requestTimeoutMs })
      return copy
    },

    async remove(projectId: ProjectId): Promise<void> {
      await gate.pass(() => Promise.all([archiveOf(projectId), noteOf(projectId)].map((path) => rm(path, { force: true }))))
    },

    /** No copy takes its name or goes until what is handed back is called. */
    quiesce: gate.close,
  }
}
export type Copies = ReturnType<typeof createCopies>

const listForTar = (files: readonly Found[]) => new Blob(files.flatMap(({ path }) => ['./', asBlobPart(diskPath(path)), '\0']))
const asBlobPart = (part: string | Buffer) => (typeof part === 'string' ? part : new Uint8Array(part))

/** Files and links of the workspace, except in folders that programs fill. */
async function listFiles(sandbox: E2bSandbox): Promise<Found[]> {
  // A repository's history matters, however many files it has.
  const pruned = [...heavyFolders]
    .filter((name) => name !== '.git')
    .map((name) => `-name '${name}'`)
    .join(' -o ')
  const { stdout } = await sandbox.commands.run(
    `find . -mindepth 1 \\( -type d \\( ${pruned} \\) -prune \\) -o \\( -type f -o -type l \\) -printf '%s %T@ %P\\0' 2>/dev/null | head -c 16000000 | ${asBase64}`,
    { timeoutMs: requestTimeoutMs, requestTimeoutMs },
  )
  return printedBytes(stdout)
    .split('\0')
    .map((line) => /^(\d+) (\S+) ([\s\S]+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, size, changed = '', path = '']) => ({ path: printedName(path), size: Number(size), changed }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** As git would: the rules of a folder hold for what is below it. */
async function withoutIgnored(sandbox: E2bSandbox, all: Found[]): Promise<Found[]> {
  const rules: { folder: string; matcher: ReturnType<typeof ignore> }[] = []
  const files = all.filter(({ path, size }) => /(^|\/)\.gitignore$/.test(path) && size < maxRulesBytes).slice(0, copyBounds.ignoreFiles)
  for (const { path } of files) {
    const text = await readText(sandbox, path).catch(() => '')
    rules.push({ folder: path.slice(0, -'.gitignore'.length), matcher: ignore().add(text) })
  }
  return all.filter(
    ({ path }) =>
      /(^|\/)\.git\//.test(path) ||
      rules.every(({ folder, matcher }) => {
        if (!path.startsWith(folder)) return true
        const below = path.slice(folder.length)
        return !ignore.isPathValid(below) || !matcher.ignores(below)
      }),
  )
}

/** What is larger by now than it was said to be is not read. */
async function readText(sandbox: E2bSandbox, path: string): Promise<string> {
  const stream = await sandbox.files.read(path, { format: 'stream', requestTimeoutMs })
  return new TextDecoder().decode(
    Buffer.concat(
      await Readable.fromWeb(stream as never)
        .compose(atMost(maxRulesBytes))
        .toArray(),
    ),
  )
}

/** The newest first. A repository is kept whole or not at all: a part of its history would be worth nothing. */
export function withinBounds(files: Found[]): { kept: Found[]; leftOut: string[] } {
  const units = new Map<string, Found[]>()
  for (const file of files) {
    const name = /^(?:.*\/)?\.git(?=\/)/.exec(file.path)?.[0] ?? file.path
    const unit = units.get(name)
    if (unit) unit.push(file)
    else units.set(name, [file])
  }
  const newest = (unit: Found[]) => unit.reduce((last, { changed }) => Math.max(last, Number(changed)), 0)
  const kept: Found[] = []
  const leftOut: string[] = []
  let bytes = 0
  for (const [name, unit] of [...units].sort(([, a], [, b]) => newest(b) - newest(a))) {
    const size = unit.reduce((sum, file) => sum + file.size, 0)
    const fits = bytes + size <= copyBounds.bytes && kept.length + unit.length <= copyBounds.files
    if (fits && (unit.length > 1 || size <= copyBounds.fileBytes)) {
      kept.push(...unit)
      bytes += size
    } else leftOut.push(name)
  }
  return { kept, leftOut: leftOut.slice(0, 20) }
}

function atMost(max: number): Transform {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > max) done(new Error(`there are more than ${max} bytes`))
      else done(null, chunk)
    },
  })
}
