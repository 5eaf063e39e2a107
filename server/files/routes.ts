import type { Hono } from 'hono'
import { AppError } from '#shared/base/errors.ts'
import { fileCalls, maxFileBytes } from '#shared/files/api.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import { mayMove } from '#shared/files/may-move.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import type { z } from 'zod'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Person } from '../auth/principal.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Sandbox, Sandboxes } from '../sandboxes/port.ts'
import { contentTypeOf, decodeText, hostedFileHeaders } from './content-type.ts'
import type { Files } from './port.ts'
import type { FileTree } from './projection.ts'
import { uploadBody } from './upload-body.ts'

/** Entries of one folder in one answer. */
const maxEntries = 5000

export function fileRoutes(
  app: Hono<AppEnv>,
  authorize: Authorize,
  { sandboxes, fileTree, files }: { sandboxes: Pick<Sandboxes, 'get'>; fileTree: Pick<FileTree, 'expand'>; files: Files },
): void {
  serve(app, authorize, fileCalls.listFiles, async ({ params, query }) => listing(await sandboxes.get(params.id), query.path))

  serve(app, authorize, fileCalls.expandFolders, async ({ params, body }) => {
    await fileTree.expand(params.id, body.paths)
    return new Response(null, { status: 204 })
  })

  serve(app, authorize, fileCalls.readFile, async ({ params: { id, path }, request }) => {
    const sandbox = await sandboxes.get(id)
    // What was typed into it is there.
    await files.settle(id, path)
    const entry = await sandbox.files.stat(path)
    if (entry.type === 'folder' || (entry.type === 'link' && (await isFolder(sandbox, path)))) return Response.json(await listing(sandbox, path))
    if (entry.size > maxFileBytes) throw new AppError('too_large', `${path} is larger than ${maxFileBytes} bytes.`)
    const bytes = await sandbox.files.read(path, { maxBytes: maxFileBytes, signal: request.signal })
    if (!/\bapplication\/json\b/.test(request.headers.get('accept') ?? '')) {
      const body = new Uint8Array(bytes)
      return new Response(body, {
        headers: { ...hostedFileHeaders, 'content-type': contentTypeOf(path, bytes), 'content-length': String(body.length) },
      })
    }
    const content = decodeText(bytes)
    if (content === undefined) throw new AppError('invalid_input', `${path} is not text; read it without Accept: application/json`)
    return Response.json({ path, content, size: bytes.length }, { headers: hostedFileHeaders })
  })

  serve(app, authorize, fileCalls.writeFile, async ({ params: { id, path }, request, principal, header }) => {
    // Where part of the body is not read, nothing else can come over this connection.
    const refuse = (error: unknown): never => {
      header('connection', 'close')
      throw error
    }
    const sent = await uploadBody(request).catch(refuse)
    const sandbox = await sandboxes.get(id)
    if ('stream' in sent) {
      files.diskChanged(id, [path], personAuthor(principal))
      try {
        await sandbox.files.write(path, sent.stream, { signal: request.signal })
      } catch (thrown) {
        return refuse(sent.failure() ?? thrown)
      } finally {
        files.diskChanged(id, [path])
      }
      return { path, size: sent.size() }
    }
    const content = sent.whole
    const text = content.length <= maxOpenBytes ? decodeText(content) : undefined
    // Where it is open, what differs becomes an edit of whoever sends it.
    if (text !== undefined && files.isOpen(id, path)) await files.edit(id, path, personAuthor(principal), () => text, { make: true })
    else {
      files.diskChanged(id, [path], personAuthor(principal))
      await sandbox.files.write(path, content, { signal: request.signal })
      files.diskChanged(id, [path])
    }
    return { path, size: content.length }
  })

  serve(app, authorize, fileCalls.deleteFile, async ({ params: { id, path }, principal }) => {
    const sandbox = await sandboxes.get(id)
    await files.settle(id)
    files.diskChanged(id, [path], personAuthor(principal))
    await sandbox.files.remove(path)
    files.diskChanged(id, [path])
    return new Response(null, { status: 204 })
  })

  serve(app, authorize, fileCalls.fileAuthors, ({ params, query }) => files.authors(params.id, query.path))

  serve(app, authorize, fileCalls.writeBack, async ({ params, body }) => ({ path: body.path, size: await files.writeBack(params.id, body.path) }))

  serve(app, authorize, fileCalls.resolveConflict, async ({ params, body, principal }) => {
    await files.resolveConflict(params.id, params.conflictId, body.keep, personAuthor(principal))
    return new Response(null, { status: 204 })
  })

  serve(app, authorize, fileCalls.handIn, ({ params, body, principal }) => files.mergeOfflineEdits(params.id, body, personAuthor(principal)))

  serve(app, authorize, fileCalls.moveFile, async ({ params, body, principal }) => {
    if (!mayMove(body.from, body.to)) throw new AppError('invalid_input', 'body.to: a new name has no control characters or backslashes')
    await files.move(params.id, body.from, body.to, personAuthor(principal))
    return { path: body.to }
  })
}

const personAuthor = ({ userId, name }: Person): FileAuthor => ({ kind: 'user', id: userId, name })

async function listing(sandbox: Sandbox, path: FolderPath): Promise<z.infer<typeof FolderListing>> {
  const entries = await sandbox.files.list(path)
  return { path, entries: entries.slice(0, maxEntries), omitted: Math.max(0, entries.length - maxEntries) }
}

async function isFolder(sandbox: Sandbox, path: FolderPath): Promise<boolean> {
  return sandbox.files.list(path).then(
    () => true,
    () => false,
  )
}
