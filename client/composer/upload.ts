import type { ProjectId } from '#shared/base/ids.ts'
import { untilFetched } from '../ui/lazy.ts'
import { createStore, type Store } from '../ui/store.ts'
import type { DraftKey } from './drafts.ts'

/** A file on its way into the workspace. `share` is how much of it is there, 0 to 1. `final`: trying again is of no use. */
export type Upload = { id: number; name: string; size: number; share: number; problem?: string | undefined; final?: boolean }

export type Uploads = {
  list: Store<readonly Upload[]>
  /** Adds files to the workspace's root, under names that are free; each is named in the draft once it is there. */
  add(files: readonly File[], pasted?: boolean): Promise<void>
  /** Stops one that is on its way, or takes a failed one off the list. */
  cancel(id: number): void
  retry(id: number): void
}

const open = new Map<DraftKey, Uploads>()

/** What is being attached to one draft. What sends it is fetched with the first file. */
export function uploadsOf(key: DraftKey, projectId: ProjectId): Uploads {
  const known = open.get(key)
  if (known) return known
  const list = createStore<readonly Upload[]>([])
  let sender: Omit<Uploads, 'list'> | undefined
  const uploads: Uploads = {
    list,
    async add(files, pasted) {
      const { createSender } = await untilFetched(() => import('./send-attachments.ts'))
      sender ??= createSender(key, projectId, list)
      await sender.add(files, pasted)
    },
    // Whatever is on the list, it has put there.
    cancel: (id) => sender?.cancel(id),
    retry: (id) => sender?.retry(id),
  }
  open.set(key, uploads)
  return uploads
}
