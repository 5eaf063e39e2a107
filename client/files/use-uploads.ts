import { useRef, useState, useSyncExternalStore } from 'react'
import { FolderPath } from '#shared/files/path.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { createUploader, uploadsOfField, type Upload } from './upload.ts'
import type { Tree } from './use-tree.ts'

export type Uploads = ReturnType<typeof useUploads>

/** What is being added to the tree from this person's own device, and the two fields they choose it with. */
export function useUploads(projectId: ProjectId, tree: Tree) {
  const [uploader] = useState(() => createUploader(projectId))
  const state = useSyncExternalStore(uploader.state.subscribe, uploader.state.get)
  const fields = { files: useRef<HTMLInputElement>(null), folder: useRef<HTMLInputElement>(null) }
  const target = useRef<FolderPath>('')
  const add = (folder: FolderPath, uploads: readonly Upload[]) => {
    if (folder) tree.expand(folder, true)
    void uploader.add(folder, uploads)
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
      if (field.files?.length) add(target.current, uploadsOfField(field.files))
      // The same may be chosen again.
      Object.assign(field, { value: '' })
    },
  }
}
