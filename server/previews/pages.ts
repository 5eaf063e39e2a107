import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { maxFileBytes } from '#shared/files/api.ts'
import { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import type { Files } from '../files/port.ts'
import type { Sandbox, Sandboxes } from '../sandboxes/port.ts'
import { pageHeaders, pagePolicy, pageType } from './page-headers.ts'

const limits = { readMs: 20_000, depth: 32 }

export type PagesDeps = {
  sandboxes: Pick<Sandboxes, 'get'>
  files: Pick<Files, 'settle'>
  /** Hosts that a sandbox may reach, which its pages may as well. */
  egress: readonly string[]
}

/** A file that is shown, on whose behalf and where. */
type Shown = { projectId: ProjectId; shownBy: string }

export type Pages = ReturnType<typeof createPages>

/** Files of a workspace as the pages they are: HTML is HTML here, on an origin on which nothing of ours is. Read only. */
export function createPages({ sandboxes, files, egress }: PagesDeps) {
  return {
    /** @throws AppError `not_found` where there is no such file, or only one that is hidden or behind a link */
    async check(projectId: ProjectId, path: FilePath): Promise<void> {
      const entry = await plainEntry(await sandboxes.get(projectId), path)
      if (entry.type !== 'file') throw notThere(path)
    },

    /** Answers a request to a label of the workspace. @throws AppError */
    async answer({ projectId, shownBy }: Shown, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
      if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
        outgoing.setHeader('allow', 'GET, HEAD')
        throw new AppError('method_not_allowed', 'A page of the workspace is only read.')
      }
      // A worker between the page and its server could answer without the policy.
      if (incoming.headers['service-worker']) throw new AppError('forbidden', 'A page of the workspace has no service worker.')
      const asked = pathOf(incoming.url ?? '/')
      const sandbox = await sandboxes.get(projectId)
      const path = FilePath.safeParse(asked.endsWith('/') || asked === '' ? `${asked}index.html` : asked)
      if (!path.success) throw notThere(asked)
      // What was typed into it is there.
      await files.settle(projectId, path.data)
      const entry = await plainEntry(sandbox, path.data)
      if (entry.type === 'folder') {
        outgoing.writeHead(302, { ...pageHeaders(pagePolicy(egress, shownBy)), location: `${encodePath(path.data)}/` })
        outgoing.end()
        return
      }
      if (entry.size > maxFileBytes) throw new AppError('too_large', `${path.data} has more than ${maxFileBytes} bytes`)
      const bytes = await sandbox.files.read(path.data, { maxBytes: maxFileBytes, signal: AbortSignal.timeout(limits.readMs) })
      outgoing.writeHead(200, {
        ...pageHeaders(pagePolicy(egress, shownBy)),
        'content-type': pageType(path.data),
        'content-length': bytes.length,
      })
      outgoing.end(incoming.method === 'HEAD' ? undefined : bytes)
    },
  }
}

/** An address on the label for a file. */
export const encodePath = (path: FilePath) => `/${path.split('/').map(encodeURIComponent).join('/')}`

function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, '')).replace(/^\//, '')
  } catch {
    throw new AppError('invalid_input', 'The address is not well-formed.')
  }
}

const notThere = (path: string) => new AppError('not_found', `There is no page at ${path.slice(0, 200)}.`)

/**
 * What is at a path, when no part of it is a link or hidden: a page shows what was made for it, and neither a way to
 * elsewhere nor `.env`.
 */
async function plainEntry(sandbox: Sandbox, path: FilePath): Promise<FileEntry> {
  const parts = path.split('/')
  if (parts.length > limits.depth || parts.some((part) => part.startsWith('.'))) throw notThere(path)
  let entry: FileEntry | undefined
  for (let at = 1; at <= parts.length; at += 1) {
    entry = await sandbox.files.stat(FilePath.parse(parts.slice(0, at).join('/'))).catch((error: unknown) => {
      throw ['not_found', 'invalid_input'].includes(asAppError(error).code) ? notThere(path) : error
    })
    if (entry.type === 'link') throw notThere(path)
  }
  if (!entry) throw notThere(path)
  return entry
}
