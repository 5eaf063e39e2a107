import { useEffect, useRef, useState } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { WaitingEdit } from '../offline/unmerged-edits.ts'
import { notify } from '../ui/notify.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useSaved } from '../sync/use-document.ts'
import { t } from '../i18n/translate.ts'
import { textsOf } from './unmerged-texts.ts'
import { handIn } from './hand-in.ts'
import { saveCopy } from './save-copy.ts'
import { nameOf } from './tree-model.ts'

const againMs = 5_000

/** Hands in what was made of files without a connection, wherever this person is, and tells how it went. Shows nothing. */
export default function MergeUnmergedEdits({ onOpen }: { onOpen(projectId: ProjectId, path: FilePath): void }) {
  const { asides, all } = useUnmergedEdits()
  const { status } = useSaved()
  const [again, setAgain] = useState(0)
  const busy = useRef(new Set<string>())
  const latest = useRef(onOpen)
  useEffect(() => {
    latest.current = onOpen
  })

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const bring = async (aside: WaitingEdit) => {
      busy.current.add(aside.id)
      const handed = await handIn(aside).catch(() => ({ later: true }) as const)
      busy.current.delete(aside.id)
      if ('later' in handed) {
        timer ??= setTimeout(() => setAgain((count) => count + 1), againMs)
        return
      }
      const texts = textsOf(aside)
      if (!texts) return asides.settle(aside.id)
      const { projectId, path, text } = texts
      if ('held' in handed) {
        asides.hold(aside.id, handed.held)
        notify.error(t(`files:aside.${handed.held}`, { name: nameOf(path) }), {
          id: aside.id,
          description: t('files:aside.where'),
          action: { label: t('files:aside.save'), onClick: () => saveCopy(path, text) },
        })
        return
      }
      asides.settle(aside.id)
      if (!handed.done) return
      const { done } = handed
      const open = { label: t('files:openIt'), onClick: () => latest.current(projectId, done.path) }
      const moved = done.path === path ? undefined : t('files:handedInMoved', { path: done.path })
      const both = done.conflicts === 0 ? undefined : t('files:handedInConflicts', { count: done.conflicts, line: done.line ?? 1 })
      const description = [moved, both].filter((one) => one !== undefined).join(' ')
      notify.success(t('files:handedIn', { count: aside.edits, name: nameOf(done.path) }), {
        id: aside.id,
        ...(description && { description }),
        action: open,
      })
    }
    for (const aside of all) if (!aside.held && !busy.current.has(aside.id)) void bring(aside)
    return () => clearTimeout(timer)
  }, [asides, all, status, again])
  return null
}
