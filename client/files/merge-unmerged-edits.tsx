import { useEffect, useRef, useState } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { WaitingEdit } from '../offline/unmerged-edits.ts'
import { notify } from '../ui/notify.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useSaved } from '../sync/use-document.ts'
import { t } from '../i18n/translate.ts'
import { textsOf } from './unmerged-texts.ts'
import { mergeOfflineEdits } from './merge-offline-edits.ts'
import { saveCopy } from './save-copy.ts'
import { nameOf } from './tree-model.ts'

const againMs = 5_000

/** Has the server merge offline edits of files, on whichever page this person is, and tells how it went. Shows nothing. */
export default function MergeUnmergedEdits({ onOpen }: { onOpen(projectId: ProjectId, path: FilePath): void }) {
  const { unmergedEdits, all } = useUnmergedEdits()
  const { status } = useSaved()
  const [again, setAgain] = useState(0)
  const busy = useRef(new Set<string>())
  const latest = useRef(onOpen)
  useEffect(() => {
    latest.current = onOpen
  })

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const bring = async (edit: WaitingEdit) => {
      busy.current.add(edit.id)
      const outcome = await mergeOfflineEdits(edit).catch(() => ({ later: true }) as const)
      busy.current.delete(edit.id)
      if ('later' in outcome) {
        timer ??= setTimeout(() => setAgain((count) => count + 1), againMs)
        return
      }
      const texts = textsOf(edit)
      if (!texts) return unmergedEdits.settle(edit.id)
      const { projectId, path, text } = texts
      if ('held' in outcome) {
        unmergedEdits.hold(edit.id, outcome.held)
        notify.error(t(`files:unmerged.${outcome.held}`, { name: nameOf(path) }), {
          id: edit.id,
          description: t('files:unmerged.where'),
          action: { label: t('files:unmerged.save'), onClick: () => saveCopy(path, text) },
        })
        return
      }
      unmergedEdits.settle(edit.id)
      if (!outcome.done) return
      const { done } = outcome
      const open = { label: t('files:openIt'), onClick: () => latest.current(projectId, done.path) }
      const moved = done.path === path ? undefined : t('files:offlineMergeMoved', { path: done.path })
      const both = done.conflicts === 0 ? undefined : t('files:offlineMergeConflicts', { count: done.conflicts, line: done.line ?? 1 })
      const description = [moved, both].filter((one) => one !== undefined).join(' ')
      notify.success(t('files:offlineMerge', { count: edit.edits, name: nameOf(done.path) }), {
        id: edit.id,
        ...(description && { description }),
        action: open,
      })
    }
    for (const edit of all) if (!edit.held && !busy.current.has(edit.id)) void bring(edit)
    return () => clearTimeout(timer)
  }, [unmergedEdits, all, status, again])
  return null
}
