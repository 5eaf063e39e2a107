import { imageTypes } from '#shared/files/image-types.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { callRaw } from '../api/api.ts'
import { extensionOf } from './file-kind.ts'

const typeOf = (path: string) => {
  const extension = extensionOf(path)
  return extension === 'pdf' ? 'application/pdf' : (imageTypes[extension] ?? 'application/octet-stream')
}

/** A file's bytes, typed by its name, so that a picture is shown as a picture and nothing else is opened as a page. */
async function readBlob(projectId: ProjectId, path: FilePath, signal: AbortSignal): Promise<Blob> {
  const response = await callRaw(fileCalls.readFile, { params: { id: projectId, path }, signal }, { headers: { accept: 'application/octet-stream' } })
  return new Blob([await response.arrayBuffer()], { type: typeOf(path) })
}

/** Renewed when the tree says that the file changed. */
export const blobQuery = (projectId: ProjectId, path: FilePath, entry: FileEntry | undefined) => ({
  queryKey: ['file', projectId, path, entry?.modifiedAt ?? 0, entry?.size ?? 0] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => readBlob(projectId, path, signal),
  placeholderData: (before: Blob | undefined, query: { queryKey: readonly unknown[] } | undefined) =>
    query?.queryKey[2] === path ? before : undefined,
  staleTime: entry ? Infinity : 5000,
})
