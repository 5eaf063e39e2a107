import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}
const compressible = /^(?:text\/|application\/(?:json|manifest|wasm)|image\/svg)/

type Kept = { modifiedAt: number; type: string; etag: string; plain: Buffer; gzipped: Buffer | undefined }

/**
 * The built client. Files are kept in memory, compressed once; a file that changed on disk is read again. Names with a
 * hash never change, everything else is asked for each time. A path that is no file is a page of the client.
 */
export function createStaticFiles(folder: string) {
  const kept = new Map<string, Kept>()

  async function find(path: string): Promise<Kept | undefined> {
    const file = join(folder, path)
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) return undefined
    const before = kept.get(path)
    if (before?.modifiedAt === found.mtimeMs) return before
    const plain = await readFile(file)
    const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream'
    const gzipped = compressible.test(type) && plain.length > 1024 ? await compress(plain, { level: 9 }) : undefined
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    const file2 = { modifiedAt: found.mtimeMs, type, etag, plain, gzipped }
    kept.set(path, file2)
    return file2
  }

  /** For GET and HEAD. */
  return async (request: Request): Promise<Response> => {
    const path = safePath(new URL(request.url).pathname)
    if (path === undefined) return new Response('Not found\n', { status: 404 })
    const file = path === '/' ? undefined : await find(path)
    if (file) return send(request, file, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (extname(path) !== '' && !path.endsWith('.html')) return new Response('Not found\n', { status: 404 })
    const page = await find('/index.html')
    if (page) return send(request, page, 'no-cache')
    return new Response('The interface is not built. Run: npm start\n', { status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
}

/** Decoded, without `..`; undefined for what cannot name a file. */
function safePath(pathname: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(pathname))
    return path.startsWith('/') && !path.includes('\0') && !path.includes('\\') && !path.split('/').includes('..') ? path : undefined
  } catch {
    return undefined
  }
}

function send(request: Request, { type, etag, plain, gzipped }: Kept, cacheControl: string): Response {
  const headers: Record<string, string> = { 'content-type': type, 'cache-control': cacheControl, etag, vary: 'accept-encoding' }
  if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers })
  const zipped = gzipped && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '') ? gzipped : undefined
  const body = zipped ?? plain
  if (zipped) headers['content-encoding'] = 'gzip'
  headers['content-length'] = String(body.length)
  return new Response(new Uint8Array(body), { headers })
}
