import { useSyncExternalStore } from 'react'
import { useDraft, type DraftKey } from './drafts.ts'
import type { Uploads } from './upload.ts'

/** What of a draft decides whether it can be sent: that it holds something, and that nothing of it is on its way yet. */
export function useWritten(draft: DraftKey, { list }: Uploads): { blank: boolean; uploading: boolean } {
  const uploading = useSyncExternalStore(list.subscribe, list.get).some((one) => one.problem === undefined)
  const blank = useDraft(draft, ({ text, files }) => text.trim() === '' && files.length === 0)
  return { blank, uploading }
}
