import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { noBackup } from './format.ts'

/** Of one line, in characters: rows are made of parts of at most a few megabytes. */
export const maxLine = 64 * 1024 * 1024
const chunkBytes = 1024 * 1024

/** Writes lines, counts and digests them. */
export async function createLineFile(path: string) {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  let waiting: string[] = []
  let size = 0
  async function flush(): Promise<void> {
    const text = Buffer.from(waiting.join(''), 'utf8')
    waiting = []
    size = 0
    hash.update(text)
    bytes += text.length
    await file.appendFile(text)
  }
  return {
    async write(lines: readonly string[]): Promise<void> {
      for (const line of lines) {
        if (line.length > maxLine) throw new Error(`a line has ${line.length} characters`)
        waiting.push(`${line}\n`)
        size += line.length
        if (size > chunkBytes) await flush()
      }
    },
    /** On the disk, and closed. */
    async end(): Promise<{ bytes: number; sha256: string }> {
      await flush()
      await file.sync()
      await file.close()
      return { bytes, sha256: hash.digest('hex') }
    },
    /** Whatever became of it. */
    close: () => file.close().catch(() => undefined),
  }
}

/**
 * Reads lines, some at a time. @returns what was read in all
 * @throws AppError `invalid_input` for a line that is too long or does not end, and for what is no file
 */
export async function readLines(path: string, each: (lines: string[]) => Promise<void> | void): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw noBackup(`${path} is no file`)
    const hash = createHash('sha256')
    const decoder = new TextDecoder()
    let bytes = 0
    let rest = ''
    const buffer = Buffer.allocUnsafe(chunkBytes)
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, bytes)
      if (bytesRead === 0) break
      bytes += bytesRead
      const chunk = buffer.subarray(0, bytesRead)
      hash.update(chunk)
      const lines = decoder.decode(chunk, { stream: true }).split('\n')
      lines[0] = rest + (lines[0] ?? '')
      rest = lines.pop() ?? ''
      if (rest.length > maxLine || (lines[0]?.length ?? 0) > maxLine) throw noBackup(`a line of ${path} is too long`)
      if (lines.length > 0) await each(lines)
    }
    if (rest !== '') throw noBackup(`the last line of ${path} is cut off`)
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}
