import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls, maxUploadBytes } from '#shared/files/api.ts'
import { type FilePath, type FolderPath, NewFilePath } from '#shared/files/path.ts'
import { formatBytes } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { sendFile } from '../api/send-file.ts'
import { createStore, type Store } from '../ui/store.ts'
import { t } from '../i18n/translate.ts'
import { maxFiles, type Upload } from './chosen-files.ts'

export type UploadState =
  | { status: 'idle' }
  | { status: 'busy'; done: number; total: number; bytes: number; totalBytes: number }
  | { status: 'failed'; failures: { name: string; reason: string }[]; done: number }

const parallel = 3

export type Uploader = {
  state: Store<UploadState>
  /** Resolves with what was added, also when it was cancelled meanwhile. */
  add(folder: FolderPath, uploads: readonly Upload[]): Promise<FilePath[]>
  /** Ends what is under way; what was added stays. */
  cancel(): void
  dismiss(): void
}

/** Adds files to the workspace, a few at a time, and tells how far it is. */
export function createUploader(projectId: ProjectId): Uploader {
  const state = createStore<UploadState>({ status: 'idle' })
  let abort = new AbortController()
  return {
    state,
    cancel: () => abort.abort(),
    dismiss: () => state.set({ status: 'idle' }),
    async add(folder, uploads) {
      const total = uploads.length
      const totalBytes = uploads.reduce((sum, { file }) => sum + file.size, 0)
      const added: FilePath[] = []
      const failures: { name: string; reason: string }[] = []
      if (total > maxFiles) {
        state.set({ status: 'failed', done: 0, failures: [{ name: t('files:folder'), reason: t('files:tooManyFiles', { count: maxFiles }) }] })
        return []
      }
      const { signal } = (abort = new AbortController())
      let over = 0
      const underWay = new Map<Upload, number>()
      const tell = () => {
        const bytes = [...underWay.values()].reduce((sum, some) => sum + some, over)
        state.set({ status: 'busy', done: added.length + failures.length, total, bytes, totalBytes })
      }
      const waiting = [...uploads]
      const work = async () => {
        for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
          const { file } = next
          const one = next
          const path = NewFilePath.safeParse(folder ? `${folder}/${next.path}` : next.path)
          const onBytes = (bytes: number) => {
            underWay.set(one, Math.min(bytes, file.size))
            tell()
          }
          const reason = !path.success ? t('files:plainName') : await send(projectId, path.data, file, { onBytes, signal })
          underWay.delete(one)
          if (signal.aborted && reason !== undefined) return
          if (reason === undefined && path.success) added.push(path.data)
          else failures.push({ name: next.path, reason: reason ?? '' })
          over += file.size
          tell()
        }
      }
      tell()
      await Promise.all(Array.from({ length: parallel }, work))
      state.set(failures.length > 0 ? { status: 'failed', failures, done: added.length } : { status: 'idle' })
      return added
    },
  }
}

/** @returns why it was not added, or undefined */
async function send(projectId: ProjectId, path: FilePath, file: File, options: Parameters<typeof sendFile>[3]): Promise<string | undefined> {
  if (file.size > maxUploadBytes) return t('files:tooLargeToAdd', { size: formatBytes(maxUploadBytes) })
  try {
    await sendFile(fileCalls.writeFile, { id: projectId, path }, file, options)
    return undefined
  } catch (error) {
    return describeError(error)
  }
}
