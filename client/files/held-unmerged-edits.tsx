import { ArchiveRestore } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { HeldBecause, WaitingEdit } from '../offline/unmerged-edits.ts'
import { notify } from '../ui/notify.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { textsOf } from './unmerged-texts.ts'
import { mergeOfflineEdits } from './merge-offline-edits.ts'
import { useFilesRoom } from './room-context.ts'
import { saveCopy } from './save-copy.ts'
import { nameOf } from './tree-model.ts'
import { copyText } from './use-file-actions.ts'

/** Edits that could not be merged, because they were made offline or are too large: what they are, and ways to keep them. */
export default function HeldUnmergedEdits() {
  const { projectId } = useFilesRoom()
  const { all } = useUnmergedEdits()
  const isHere = ({ name }: WaitingEdit) => name.startsWith(`file/${projectId}/`) || name === `board/${projectId}`
  return all.map((edit) => edit.held && isHere(edit) && <Held key={edit.id} edit={edit} why={edit.held} />)
}

function Held({ edit, why }: { edit: WaitingEdit; why: HeldBecause }) {
  const { t } = useTranslation('files')
  const { mayWrite, open } = useFilesRoom()
  const { unmergedEdits } = useUnmergedEdits()
  const texts = useMemo(() => textsOf(edit), [edit])
  const [busy, setBusy] = useState(false)
  const [sure, setSure] = useState(false)
  if (!texts) return null
  const { path, text } = texts
  const discard = () => {
    unmergedEdits.settle(edit.id)
    notify.dismiss(edit.id)
  }
  const make = async () => {
    setBusy(true)
    const outcome = await mergeOfflineEdits(edit, true).catch(() => ({ later: true }) as const)
    setBusy(false)
    if ('held' in outcome) return unmergedEdits.hold(edit.id, outcome.held)
    if ('later' in outcome) return notify.error(t('notWritten', { name: nameOf(path) }))
    unmergedEdits.settle(edit.id)
    open(outcome.done?.path ?? path)
  }
  return (
    <Banner tone="warn" icon={<ArchiveRestore size={15} className="shrink-0" aria-hidden />}>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="min-w-48 flex-1">{t(`unmerged.${why}`, { name: path })}</span>
        <span className="flex flex-wrap gap-1.5">
          {why === 'gone' && mayWrite && (
            <Button busy={busy} onClick={() => void make()}>
              {t('writeBack')}
            </Button>
          )}
          <Button onClick={() => saveCopy(path, text)}>{t('unmerged.save')}</Button>
          <Button onClick={() => void copyText(text, t('unmerged.copied'))}>{t('unmerged.copy')}</Button>
          <Button onClick={() => (sure ? discard() : setSure(true))} onBlur={() => setSure(false)}>
            {sure ? t('unmerged.discardSure') : t('unmerged.discard')}
          </Button>
        </span>
      </span>
    </Banner>
  )
}
