import { imageTypes } from '#shared/files/image-types.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { callRaw } from '../base/api.ts'

export type FileContent =
  | { kind: 'text'; text: string }
  | { kind: 'image'; blob: Blob }
  | { kind: 'binary'; size: number }
  | { kind: 'large'; size: number }

/** Longer texts are not drawn. */
const maxShownBytes = 2_000_000

const imageType = (path: string) => imageTypes[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]

/** A file as it can be shown. A picture is shown as a picture, never opened as a page. */
export async function readContent(projectId: ProjectId, path: FilePath, signal: AbortSignal): Promise<FileContent> {
  const response = await callRaw(fileCalls.readFile, { params: { id: projectId, path }, signal }, { headers: { accept: 'application/octet-stream' } })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const type = imageType(path)
  if (type) return { kind: 'image', blob: new Blob([bytes], { type }) }
  if (bytes.length > maxShownBytes) return { kind: 'large', size: bytes.length }
  // A zero byte early on is what tells programs and pictures from text.
  if (bytes.subarray(0, 8000).includes(0)) return { kind: 'binary', size: bytes.length }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { kind: 'binary', size: bytes.length }
  }
}

/** Renewed when the tree says that the file changed. */
export const contentQuery = (projectId: ProjectId, path: FilePath, entry: FileEntry | undefined) => ({
  queryKey: ['file', projectId, path, entry?.modifiedAt ?? 0, entry?.size ?? 0] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => readContent(projectId, path, signal),
  placeholderData: (before: FileContent | undefined, query: { queryKey: readonly unknown[] } | undefined) =>
    query?.queryKey[2] === path ? before : undefined,
  staleTime: entry ? Infinity : 5000,
})
