import { useRef, useState, useSyncExternalStore } from 'react'
import { FolderPath } from '#shared/files/path.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { untilFetched } from '../ui/lazy.ts'
import { uploadsOfField, type Upload } from './chosen-files.ts'
import type { Uploader, UploadState } from './upload.ts'
import type { Tree } from './use-tree.ts'

export type Uploads = ReturnType<typeof useUploads>

const idle: UploadState = { status: 'idle' }
const nothing = () => () => {}

/** What is being added to the tree from this person's own device, and the two fields they choose it with. */
export function useUploads(projectId: ProjectId, tree: Tree) {
  const [uploader, setUploader] = useState<Uploader>()
  const state = useSyncExternalStore(uploader?.state.subscribe ?? nothing, () => uploader?.state.get() ?? idle)
  const fields = { files: useRef<HTMLInputElement>(null), folder: useRef<HTMLInputElement>(null) }
  const target = useRef<FolderPath>('')
  /** What sends files is fetched when there is one to send. */
  const loading = useRef<Promise<Uploader>>(undefined)
  const load = async () => {
    const { createUploader } = await untilFetched(() => import('./upload.ts'))
    const made = createUploader(projectId)
    setUploader(made)
    return made
  }
  const add = async (folder: FolderPath, uploads: readonly Upload[]) => {
    if (folder) tree.expand(folder, true)
    loading.current ??= load()
    await (await loading.current).add(folder, uploads)
  }
  return {
    uploader,
    state,
    fields,
    add,
    /** Lets a person choose files, or a folder, to go into `folder`. */
    pick(what: 'files' | 'folder', folder: string) {
      target.current = FolderPath.parse(folder)
      fields[what].current?.click()
    },
    onPicked(field: HTMLInputElement) {
      if (field.files?.length) void add(target.current, uploadsOfField(field.files))
      // The same may be chosen again.
      Object.assign(field, { value: '' })
    },
  }
}
