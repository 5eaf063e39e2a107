import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { TargetError } from '../base/copy-file.ts'
import { createMirror, pathIn } from '../base/mirror.ts'
import type { Mirrored } from '../base/mirror.ts'
import { isTaken } from './data-folder.ts'
import { digestFile, inBatches, syncFolder } from './files.ts'
import type { FilesAnswer, FilesRequest, FilesSettings } from './files-thread.ts'
import { lineOf, names } from './format.ts'
import type { FileEntry, Manifest } from './format.ts'
import { createLineFile } from './lines.ts'

/* The thread that copies and digests the files of a backup: one request at a time. */
const port = parentPort
if (!port) throw new Error('this module is the entry of a worker thread')
const { from, folder } = workerData as FilesSettings
const files = join(folder, names.files)
const mirror = createMirror({ from, to: files, skips: (path, isFolder) => !isTaken(path, isFolder) })

async function answer(request: FilesRequest): Promise<unknown> {
  return request === 'pass' ? mirror.pass() : { ...(await writeList(mirror.entries())), leftOut: mirror.leftOut() }
}

/** Digests what was copied, as it is there, and sees to it that it is on the disk. */
async function writeList(entries: Mirrored[]): Promise<Manifest['files']> {
  await mkdir(files, { recursive: true, mode: 0o700 })
  const list = await createLineFile(join(folder, names.list))
  let bytes = 0
  const digest = async (entry: Mirrored): Promise<FileEntry> => {
    if (entry.kind === 'folder') await syncFolder(pathIn(files, entry.path))
    if (entry.kind !== 'file') return entry
    const found = await digestFile(pathIn(files, entry.path), { sync: true })
    if (!found) throw new Error('a file that was copied is not there')
    bytes += found.size
    return { ...entry, ...found }
  }
  try {
    await inBatches(entries, digest, (done) => list.write(done.map(lineOf)))
    await syncFolder(files)
    const { sha256 } = await list.end()
    return { entries: entries.length, bytes, sha256 }
  } finally {
    await list.close()
  }
}

function fieldsOf(thrown: unknown): { message: string; code?: string; syscall?: string } {
  const { message, code, syscall } = ((thrown instanceof TargetError && thrown.cause) || thrown) as NodeJS.ErrnoException
  return { message, code, syscall }
}

port.on('message', (request: FilesRequest) => {
  answer(request).then(
    (result) => port.postMessage({ result } satisfies FilesAnswer),
    (error: unknown) => port.postMessage({ error: fieldsOf(error) } satisfies FilesAnswer),
  )
})
