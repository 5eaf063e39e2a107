import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ConflictId, ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Call } from '#shared/wire/call.ts'
import { type Given, urlOf } from '../api/api.ts'
import { attempt } from '../api/attempt.ts'
import { notify } from '../ui/notify.ts'
import { t } from '../i18n/translate.ts'
import { nameOf } from './tree-model.ts'

/** What people do with files, each told in words when it fails. Every one answers whether it was done. */
export function useFileActions(projectId: ProjectId) {
  const client = useQueryClient()
  return useMemo(() => {
    const params = { id: projectId }
    const change = async <C extends Call>(failed: string, what: C, given: Given<C>): Promise<boolean> => {
      const done = await attempt(what, given, failed)
      if (done) void client.invalidateQueries({ queryKey: [fileCalls.listPaths.name] })
      return done !== undefined
    }
    return {
      createFile: (path: FilePath) =>
        change(t('files:notCreated', { name: nameOf(path) }), fileCalls.createFile, { params, body: { path, content: '' } }),
      createFolder: (path: FilePath) => change(t('files:notCreated', { name: nameOf(path) }), fileCalls.createFolder, { params, body: { path } }),
      move: (from: FilePath, to: FilePath) => change(t('files:notMoved', { name: nameOf(from) }), fileCalls.moveFile, { params, body: { from, to } }),
      remove: (path: FilePath) => change(t('files:notDeleted', { name: nameOf(path) }), fileCalls.deleteFile, { params: { id: projectId, path } }),
      writeBack: (path: FilePath) => change(t('files:notWritten', { name: nameOf(path) }), fileCalls.writeBack, { params, body: { path } }),
      resolve: (conflictId: ConflictId, keep: 'mine' | 'disk' | 'both') =>
        change(t('files:notResolved'), fileCalls.resolveConflict, { params: { id: projectId, conflictId }, body: { keep } }),
    }
  }, [projectId, client])
}

/** Saves a file, or a folder as a zip; the browser shows how far it is. */
export function download(projectId: ProjectId, path: FilePath | ''): void {
  const link = document.createElement('a')
  link.href = urlOf(fileCalls.downloadFile, { id: projectId }, { path })
  link.download = ''
  link.click()
}

export async function copyText(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify.success(said)
  } catch {
    notify.error(t('files:notCopied'), { description: text })
  }
}
