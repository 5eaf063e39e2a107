import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ConflictId, ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import { call, urlOf } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { t } from '../i18n/translate.ts'
import { nameOf } from './tree-model.ts'

/** What people do with files, each told in words when it fails. Every one answers whether it was done. */
export function useFileActions(projectId: ProjectId) {
  const client = useQueryClient()
  return useMemo(() => {
    const params = { id: projectId }
    const attempt = async (failed: string, act: () => Promise<unknown>): Promise<boolean> => {
      try {
        await act()
        void client.invalidateQueries({ queryKey: [fileCalls.listPaths.name] })
        return true
      } catch (error) {
        notify.error(failed, { description: describeError(error) })
        return false
      }
    }
    return {
      createFile: (path: FilePath) =>
        attempt(t('files:notCreated', { name: nameOf(path) }), () => call(fileCalls.createFile, { params, body: { path, content: '' } })),
      createFolder: (path: FilePath) =>
        attempt(t('files:notCreated', { name: nameOf(path) }), () => call(fileCalls.createFolder, { params, body: { path } })),
      move: (from: FilePath, to: FilePath) =>
        attempt(t('files:notMoved', { name: nameOf(from) }), () => call(fileCalls.moveFile, { params, body: { from, to } })),
      remove: (path: FilePath) =>
        attempt(t('files:notDeleted', { name: nameOf(path) }), () => call(fileCalls.deleteFile, { params: { id: projectId, path } })),
      writeBack: (path: FilePath) =>
        attempt(t('files:notWritten', { name: nameOf(path) }), () => call(fileCalls.writeBack, { params, body: { path } })),
      resolve: (conflictId: ConflictId, keep: 'mine' | 'disk' | 'both') =>
        attempt(t('files:notResolved'), () => call(fileCalls.resolveConflict, { params: { id: projectId, conflictId }, body: { keep } })),
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
