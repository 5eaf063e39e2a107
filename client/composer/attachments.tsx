import { Suspense, useSyncExternalStore } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useDraft, type DraftKey } from './drafts.ts'
import type { Uploads } from './upload.ts'

const AttachmentList = lazy(() => import('./attachment-list.tsx'))

/** Files that the message will name, and those on their way into the workspace. */
export function Attachments({ draft, uploads }: { draft: DraftKey; uploads: Uploads }) {
  const files = useDraft(draft, (now) => now.files)
  const coming = useSyncExternalStore(uploads.list.subscribe, uploads.list.get)
  if (files.length === 0 && coming.length === 0) return null
  return (
    <Suspense>
      <AttachmentList draft={draft} uploads={uploads} files={files} coming={coming} />
    </Suspense>
  )
}
