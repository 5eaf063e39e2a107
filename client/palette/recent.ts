import type { ProjectId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { readStored, writeStored } from '../offline/stored.ts'

const key = 'palette:recent'
const filesKey = (projectId: ProjectId) => `palette:files:${projectId}`
const most = 6

/** What was chosen last in the palette, newest first, by the ids of its entries. */
export const readRecent = () => readList(key)
export const noteRecent = (id: string) => note(key, id)

/** The files that were open last in this browser, newest first. */
export const readRecentFiles = (projectId: ProjectId) => readList(filesKey(projectId)).flatMap((path) => FilePath.safeParse(path).data ?? [])
export const noteRecentFile = (projectId: ProjectId, path: FilePath) => note(filesKey(projectId), path)

function readList(stored: string): string[] {
  try {
    const list: unknown = JSON.parse(readStored(stored) ?? '[]')
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

function note(stored: string, one: string): void {
  writeStored(stored, JSON.stringify([one, ...readList(stored).filter((other) => other !== one)].slice(0, most)))
}
