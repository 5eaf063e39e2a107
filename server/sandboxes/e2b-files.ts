import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path/posix'
import type { Sandbox as E2bSandbox } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { boundsOf } from './bounded-sdk.ts'
import { createChangedFolders } from './changed-folders.ts'
import { meansGone } from './e2b-errors.ts'
import { pathsOf } from './e2b-paths.ts'
import { isHeavy } from './paths.ts'
import type { Sandbox } from './port.ts'
import { watchedUpload } from './upload.ts'

const requestTimeoutMs = 30_000
/** A file is read whole into memory. */
const maxReadBytes = 128 * 1024 * 1024

type Deps = {
  sandbox: E2bSandbox
  isLocal: boolean
  attempt<T>(what: string, work: () => Promise<T>): Promise<T>
  /** The sandbox is gone, as a watch has found that ends. */
  onGone(): void
}

export function filesOf({ sandbox, isLocal, attempt, onGone }: Deps): Sandbox['files'] {
  const { absolute, entry: toEntry, folderOf } = pathsOf(isLocal)
  const { patience } = boundsOf(sandbox)

  async function readWithin(path: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const stream = await sandbox.files.read(path, { format: 'stream', requestTimeoutMs, ...(signal && { signal }) })
    const chunks: Uint8Array[] = []
    let size = 0
    // Leaving the loop early cancels the stream.
    for await (const chunk of stream) {
      size += chunk.length
      if (size > maxBytes) throw new AppError('too_large', `The file is larger than ${maxBytes} bytes.`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  async function writeBytes(path: FilePath, content: string | Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const data = typeof content === 'string' ? content : new Blob([new Uint8Array(content)])
    await sandbox.files.write(absolute(path), data, {
      useOctetStream: true,
      requestTimeoutMs: patience.headMs + Math.ceil((content.length / patience.bytesPerSecond) * 1000),
      ...(signal && { signal }),
    })
  }

  /** Beside the file first: a stream may end at any moment. */
  async function writeStream(path: FilePath, content: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    const unfinished = absolute(FilePath.parse(join(dirname(path), `.atrium-unfinished-${randomUUID()}`)))
    const { stream, signal: whileTaken, over, hasBroken } = watchedUpload(content, patience.headMs, signal)
    try {
      await sandbox.files.write(unfinished, stream, { useOctetStream: true, signal: whileTaken })
      over()
      await sandbox.files.rename(unfinished, absolute(path), { requestTimeoutMs })
    } catch (thrown) {
      const stalled = over()
      await sandbox.files.remove(unfinished, { requestTimeoutMs }).catch(() => undefined)
      // It looks like a sandbox that is gone, and is not the sandbox's doing.
      if (hasBroken() || signal?.aborted) throw new AppError('invalid_input', 'The upload was cut off before the end.')
      throw stalled ?? thrown
    }
  }

  return {
    read: (path, options = {}) => attempt(`read ${path}`, () => readWithin(absolute(path), options.maxBytes ?? maxReadBytes, options.signal)),
    write: (path, content, { signal } = {}) =>
      attempt(`write ${path}`, () => (content instanceof ReadableStream ? writeStream(path, content, signal) : writeBytes(path, content, signal))),
    list: (path) =>
      attempt(`list ${path || 'the workspace'}`, async () => {
        const entries = await sandbox.files.list(absolute(path), { requestTimeoutMs })
        return entries
          .map(toEntry)
          .filter((entry) => entry !== undefined)
          .sort(byKindAndName)
      }),
    stat: (path) =>
      attempt(`look at ${path}`, async () => {
        const entry = toEntry(await sandbox.files.getInfo(absolute(path), { requestTimeoutMs }))
        if (!entry) throw new AppError('not_found', `${path} is neither a file nor a folder.`)
        return entry
      }),
    makeFolder: (path) => attempt(`make ${path}`, async () => void (await sandbox.files.makeDir(absolute(path), { requestTimeoutMs }))),
    rename: (from, to) =>
      attempt(`rename ${from}`, async () => void (await sandbox.files.rename(absolute(from), absolute(to), { requestTimeoutMs }))),
    remove: (path) =>
      attempt(`remove ${path}`, async () => {
        const target = absolute(path)
        // Some hosts take removing nothing for success.
        if (!(await sandbox.files.exists(target, { requestTimeoutMs }))) throw new AppError('not_found', `remove ${path}: not found`)
        await sandbox.files.remove(target, { requestTimeoutMs })
      }),
    watch: (onChange, ended, folder) =>
      attempt('watch the files', async () => {
        const changes = createChangedFolders(onChange)
        const seen = ({ name }: { name: string }) => {
          const changed = folderOf(folder ?? '', name)
          if (changed !== undefined && (folder !== undefined || !isHeavy(changed))) changes.add(changed)
        }
        const handle = await sandbox.files.watchDir(absolute(folder ?? ''), seen, {
          recursive: folder === undefined,
          timeoutMs: 0,
          requestTimeoutMs,
          onExit: (error) => {
            if (changes.stopped) return
            changes.stop()
            if (error && meansGone(error)) onGone()
            ended?.(error)
          },
        })
        return async () => {
          changes.stop()
          await handle.stop()
        }
      }),
  }
}

/** Folders first, then by name in code-point order. */
const byKindAndName = (a: FileEntry, b: FileEntry) =>
  Number(b.type === 'folder') - Number(a.type === 'folder') || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
