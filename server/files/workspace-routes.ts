import { desc, eq } from 'drizzle-orm'
import type { Hono } from 'hono'
import { AppError, asAppError } from '#shared/base/errors.ts'
import type { ProjectId, RunId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Database } from '../db/port.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Sandbox, Sandboxes } from '../sandboxes/port.ts'
import { downloadFile, downloadFolder } from './download.ts'
import { patchOf } from './line-diff.ts'
import type { Files } from './port.ts'
import { fileBaselines } from './table.ts'
import { compareFile, compareFiles, searchFiles, walkFiles } from './workspace.ts'

type Deps = { sandboxes: Pick<Sandboxes, 'get'>; files: Files; database: Database }

/** Making, finding, comparing and taking away files of the whole workspace. */
export function workspaceRoutes(app: Hono<AppEnv>, authorize: Authorize, { sandboxes, files, database }: Deps): void {
  /** What people have typed is on the disk before it is looked through. */
  const settled = async (projectId: ProjectId): Promise<Sandbox> => {
    const sandbox = await sandboxes.get(projectId)
    await files.settle(projectId)
    return sandbox
  }
  const refuseTaken = async (sandbox: Sandbox, path: FilePath) => {
    const isFree = await sandbox.files.stat(path).then(
      () => false,
      (error: unknown) => {
        if (asAppError(error).code !== 'not_found') throw error
        return true
      },
    )
    if (!isFree) throw new AppError('conflict', `${path} already exists.`)
  }
  const baselineOf = async (projectId: ProjectId, runId: RunId | undefined) => {
    const rows = await database.db
      .select()
      .from(fileBaselines)
      .where(eq(fileBaselines.projectId, projectId))
      .orderBy(desc(fileBaselines.at))
      .limit(200)
    return rows.find((row) => runId === undefined || row.runId === runId)
  }

  serve(app, authorize, fileCalls.createFile, async ({ params, body, principal }) => {
    const sandbox = await sandboxes.get(params.id)
    await refuseTaken(sandbox, body.path)
    const author = { kind: 'user', id: principal.userId, name: principal.name } as const
    let isTaken = false
    await files.edit(
      params.id,
      body.path,
      author,
      (now) => {
        isTaken = now !== ''
        return isTaken ? undefined : body.content
      },
      { make: true },
    )
    if (isTaken) throw new AppError('conflict', `${body.path} already exists.`)
    // An empty text is no change, and yet a file.
    if (body.content === '') await sandbox.files.write(body.path, '')
    files.diskChanged(params.id, [body.path])
    return { path: body.path, size: Buffer.byteLength(body.content) }
  })

  serve(app, authorize, fileCalls.createFolder, async ({ params, body }) => {
    const sandbox = await sandboxes.get(params.id)
    await refuseTaken(sandbox, body.path)
    await sandbox.files.makeFolder(body.path)
    return { path: body.path }
  })

  serve(app, authorize, fileCalls.downloadFile, async ({ params, query, request }) => {
    const sandbox = await settled(params.id)
    if (query.path === '') return downloadFolder(sandbox, '', 'workspace', request.signal)
    const { type } = await sandbox.files.stat(query.path)
    return type === 'folder' ? downloadFolder(sandbox, query.path, 'workspace', request.signal) : downloadFile(sandbox, query.path, request)
  })

  serve(app, authorize, fileCalls.listPaths, async ({ params, request }) => {
    const found = await walkFiles(await sandboxes.get(params.id), '', { signal: request.signal })
    return { paths: found.files.map((file) => file.path), truncated: found.truncated }
  })

  serve(app, authorize, fileCalls.searchInFiles, async ({ params, query, request }) => searchFiles(await settled(params.id), query, request.signal))

  serve(app, authorize, fileCalls.fileChanges, async ({ params, query, request }) => {
    const baseline = await baselineOf(params.id, query.runId)
    const compared = baseline && (await compareFiles(await settled(params.id), baseline.runId, request.signal))
    if (!baseline || !compared) return { baseline: null, changes: [], truncated: false }
    return { baseline: { runId: baseline.runId, at: baseline.at }, ...compared }
  })

  serve(app, authorize, fileCalls.fileDiff, async ({ params, query, request }) => {
    const baseline = await baselineOf(params.id, query.runId)
    const found = baseline && (await compareFile(await settled(params.id), baseline.runId, query.path, request.signal))
    if (!found) throw new AppError('not_found', 'The earlier state of the files is not known.')
    const { before, after, status } = found
    // Text on the one side and none on the other, unless one of them is absent, is not compared.
    const isText = (status === 'A' || before !== undefined) && (status === 'D' || after !== undefined)
    const diff = isText && status !== 'same' ? patchOf(query.path, before ?? '', after ?? '') : undefined
    return {
      path: query.path,
      status,
      ...(isText && before !== undefined && { before }),
      ...(isText && after !== undefined && { after }),
      ...(diff !== undefined && { diff }),
    }
  })
}
