import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import type { Message } from './connect.ts'
import { asRpcError, readAll, RpcError } from './connect.ts'
import { chmod, createWriteStream, makeFolders, open, remove, rename, stat } from './disk.ts'
import { describeEntry, listEntries } from './entries.ts'
import { home, resolvePath, resolveTarget, unfinishedPrefix } from './paths.ts'
import { checkUser } from './users.ts'

/** A multipart upload is held in memory; a larger one must come as a stream. */
const maxMultipartBytes = 64 * 1024 * 1024

export type DiskGate = { full: boolean }

export function createFiles(disk: DiskGate) {
  const refuseWhenFull = () => {
    if (disk.full) throw Object.assign(new RpcError('resource_exhausted', 'the disk of the sandbox is full'), { status: 507 })
  }

  /** Replaces the file whole: readers see the old content or the new. A link is written through. */
  async function writeFile(given: unknown, source: Readable): Promise<Message> {
    refuseWhenFull()
    const path = await resolveTarget(given)
    const existing = await stat(path).catch(() => undefined)
    if (existing && !existing.isFile()) throw new RpcError('invalid_argument', 'not a file')
    await makeFolders(dirname(path))
    const linked = existing && (await describeEntry(path))?.symlinkTarget !== undefined
    if (linked) {
      await pipeline(source, createWriteStream(path))
    } else {
      const unfinished = join(dirname(path), `${unfinishedPrefix}${randomUUID()}`)
      try {
        await pipeline(source, createWriteStream(unfinished))
        if (existing) await chmod(unfinished, existing.mode & 0o777)
        await rename(unfinished, path)
      } catch (thrown) {
        await remove(unfinished)
        throw thrown
      }
    }
    return { name: basename(path), type: 'file', path }
  }

  async function upload(request: IncomingMessage, query: URLSearchParams): Promise<Message[]> {
    const metadata = Object.keys(request.headers).find((name) => name.startsWith('x-metadata-'))
    if (metadata !== undefined)
      throw new RpcError('invalid_argument', `metadata of files is not kept by the local host: leave out ${metadata.slice(11)}`)
    const type = request.headers['content-type'] ?? ''
    if (!type.startsWith('multipart/form-data')) {
      const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
      return [await writeFile(query.get('path'), body)]
    }
    refuseWhenFull()
    const body = await readAll(request, maxMultipartBytes)
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => {
      throw new RpcError('invalid_argument', 'the form cannot be read')
    })
    const written: Message[] = []
    for (const part of form.getAll('file')) {
      if (typeof part === 'string') throw new RpcError('invalid_argument', 'expected files in the form')
      const bytes = Buffer.from(await part.arrayBuffer())
      written.push(await writeFile(query.get('path') ?? part.name, Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false })))
    }
    if (written.length === 0) throw new RpcError('invalid_argument', 'the form has no file')
    return written
  }

  /** @param packed the answer is to be compressed */
  async function download(query: URLSearchParams, packed: boolean, response: ServerResponse): Promise<void> {
    const handle = await open(await resolveTarget(query.get('path')), 'r')
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw new RpcError('invalid_argument', 'not a file')
      const type = { 'content-type': 'application/octet-stream' }
      if (stats.size === 0) return void response.writeHead(200, { ...type, 'content-length': 0 }).end()
      // The length is promised, so what is appended meanwhile is left out.
      const content = createReadStream('', { fd: handle.fd, autoClose: false, start: 0, end: stats.size - 1 })
      response.writeHead(200, { ...type, ...(packed ? { 'content-encoding': 'gzip' } : { 'content-length': stats.size }) })
      await (packed ? pipeline(content, createGzip(), response) : pipeline(content, response))
    } finally {
      await handle.close()
    }
  }

  return {
    /** `GET` and `POST /files`. Errors are `{code, message}` with the HTTP status as the code. */
    async handle(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
      try {
        checkUser(request, query)
        if (request.method === 'POST') {
          const written = await upload(request, query)
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(written))
        } else {
          // Whoever asks for it alone wants it; every client can do it.
          await download(query, request.headers['accept-encoding'] === 'gzip', response)
        }
      } catch (thrown) {
        if (response.headersSent) return void response.destroy()
        const { code, message } = asRpcError(thrown)
        const status = { not_found: 404, permission_denied: 403, resource_exhausted: 507, internal: 500 }[code as string] ?? 400
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code: status, message }))
      }
    },
    rpc: {
      Stat: async ({ path }: Message) => ({ entry: await entryAt(await resolvePath(path)) }),
      ListDir: async ({ path, depth }: Message) => ({
        entries: await listEntries(await resolveTarget(path), Math.min(Math.max(Number(depth ?? 1) || 1, 1), 64)),
      }),
      MakeDir: async ({ path }: Message) => {
        refuseWhenFull()
        const folder = await resolveTarget(path)
        if (!(await makeFolders(folder))) throw new RpcError('already_exists', 'the folder is there already')
        return { entry: await entryAt(folder) }
      },
      Move: async ({ source, destination }: Message) => {
        const [from, to] = [await resolvePath(source), await resolvePath(destination)]
        await entryAt(from)
        await makeFolders(dirname(to))
        await rename(from, to)
        return { entry: await entryAt(to) }
      },
      Remove: async ({ path }: Message) => {
        const target = await resolvePath(path)
        if (target === home) throw new RpcError('invalid_argument', 'the workspace itself cannot be removed')
        // What is not there is removed already: no failure, as in E2B's cloud.
        await remove(target)
        return {}
      },
    } as Record<string, (message: Message) => Promise<Message>>,
  }
}

async function entryAt(path: string): Promise<Message> {
  const entry = await describeEntry(path)
  if (!entry) throw new RpcError('not_found', 'neither a file nor a folder')
  return entry
}
