import { AppError } from '#shared/base/errors.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'

/** Bytes of a file that a tool reads or writes. */
export const maxTextBytes = 1024 * 1024

/**
 * A file's text.
 * @throws AppError `not_found`; `too_large` beyond 1 MB; `invalid_input` when it is no UTF-8 text.
 */
export async function readText(sandbox: Sandbox, path: FilePath, signal: AbortSignal): Promise<string> {
  const { size, type } = await sandbox.files.stat(path)
  if (type === 'folder') throw new AppError('invalid_input', `${path} is a folder. Use list_files to see what is in it.`)
  if (size > maxTextBytes) {
    throw new AppError(
      'too_large',
      `${path} has ${size} bytes; at most ${maxTextBytes} can be read at once. Use search_files, or a command such as sed -n '1,200p'.`,
    )
  }
  const bytes = await sandbox.files.read(path, { signal, maxBytes: maxTextBytes })
  if (bytes.includes(0)) throw new AppError('invalid_input', `${path} is not a text file.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new AppError('invalid_input', `${path} is not UTF-8 text.`)
  }
}
