import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { AppError } from '#shared/base/errors.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { hostedFileHeaders } from './content-type.ts'
import { walkFiles } from './workspace.ts'

/** Bytes of one file, and of all files of a folder. */
export const maxDownloadBytes = 100 * 1024 * 1024
const maxFolderBytes = 500 * 1024 * 1024
/** In a zip: names are those of Unix. */
const unixOrigin = 3
const packed = /\.(zip|gz|tgz|bz2|xz|zst|png|jpe?g|gif|webp|avif|mp[34]|webm|ogg|pdf|woff2?)$/i

/** A header value for any name: ASCII for old programs, UTF-8 for the others. */
export function asAttachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

const lastOf = (path: string) => path.split('/').at(-1) ?? path

/** The whole file, or the one range that was asked for. */
export async function downloadFile(sandbox: Sandbox, path: FilePath, request: Request): Promise<Response> {
  const bytes = new Uint8Array(await sandbox.files.read(path, { maxBytes: maxDownloadBytes, signal: request.signal }))
  const headers: Record<string, string> = {
    ...hostedFileHeaders,
    'content-type': 'application/octet-stream',
    'content-disposition': asAttachment(lastOf(path)),
    'accept-ranges': 'bytes',
  }
  const range = parseRange(request.headers.get('range'), bytes.length)
  if (range === 'unsatisfiable') return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${bytes.length}` } })
  const part = range ? bytes.subarray(range.start, range.end) : bytes
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${bytes.length}`
  return new Response(part, { status: range ? 206 : 200, headers: { ...headers, 'content-length': String(part.length) } })
}

/** Undefined: the whole. Several ranges are answered with the whole, as the protocol allows. */
function parseRange(header: string | null, size: number): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return size === 0 || Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size }
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && Number(last) < Number(first)) return undefined
  return Number(first) >= size ? 'unsatisfiable' : { start: Number(first), end }
}

/** A zip, made while it is sent: one file in memory at a time. */
export async function downloadFolder(sandbox: Sandbox, path: FolderPath, workspaceName: string, signal: AbortSignal): Promise<Response> {
  const { files, truncated } = await walkFiles(sandbox, path, { ignored: true, signal })
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (truncated || total > maxFolderBytes) throw new AppError('too_large', 'This folder is too large for one archive. Download a smaller folder.')
  const top = path === '' ? '' : path.slice(0, path.length - lastOf(path).length)
  const waiting = files.values()
  let zip: Zip
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        zip = new Zip((error, chunk, isLast) => {
          if (error) return controller.error(error)
          if (chunk.length > 0) controller.enqueue(chunk)
          if (isLast) controller.close()
          return undefined
        })
      },
      async pull() {
        const { value: file, done } = waiting.next()
        if (done) return zip.end()
        const bytes = await sandbox.files.read(file.path, { maxBytes: maxDownloadBytes, signal }).catch(() => undefined)
        // Gone meanwhile.
        if (!bytes) return this.pull?.(undefined as never)
        const name = file.path.slice(top.length)
        const entry = packed.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 1 })
        // Of DOS, as is usual here, some programs would take a backslash for the end of a folder's name.
        entry.os = unixOrigin
        zip.add(entry)
        const step = 64 * 1024
        for (let at = 0; at < bytes.length; at += step) {
          entry.push(new Uint8Array(bytes.subarray(at, at + step)), false)
          if (at % (step * 16) === 0) await new Promise(setImmediate)
        }
        entry.push(new Uint8Array(0), true)
        return undefined
      },
    },
    { highWaterMark: 4 },
  )
  const name = `${path === '' ? workspaceName : lastOf(path)}.zip`
  return new Response(body, { headers: { ...hostedFileHeaders, 'content-type': 'application/zip', 'content-disposition': asAttachment(name) } })
}
