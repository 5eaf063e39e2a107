import { History, PencilLine } from 'lucide-react'
import type { Approval, ApprovalNote } from '#shared/approvals/schema.ts'
import { formatNames, formatTime } from '../i18n/format.ts'
import { useTranslation } from '../i18n/use-translation.ts'

/** Who else is at it. What they change is seen once they save it. */
export function EditedBy({ names }: { names: readonly string[] }) {
  const { t } = useTranslation('approvals')
  return (
    <p role="status" className={names.length > 0 ? 'mt-2 flex items-center gap-2 text-small text-accent-text' : 'sr-only'}>
      {names.length > 0 && (
        <>
          <PencilLine size={14} className="shrink-0" aria-hidden />
          {t('editing', { count: names.length, names: formatNames(names) })}
        </>
      )}
    </p>
  )
}

/** What people did last about a request that waits, beside voting and editing. */
export function Notes({ approval, me }: { approval: Approval; me: { id: string } }) {
  const { t } = useTranslation('approvals')
  const said = (note: ApprovalNote): string | undefined => {
    const [name, time] = [note.name, formatTime(note.at)]
    if (note.kind === 'nudged') return note.to === me.id ? t('note.nudgedYou', { name, time }) : t('note.nudged', { name, to: note.toName, time })
    if (note.kind === 'taken_back') return t('note.takenBack', { name, time })
    return note.kind === 'extended' ? t('note.extended', { name, time }) : undefined
  }
  const lines = (approval.notes ?? []).slice(-2).flatMap((note) => said(note) ?? [])
  if (lines.length === 0) return null
  return (
    <div className="mt-2 flex items-start gap-2 text-small text-fg-3">
      <History size={14} className="mt-0.5 shrink-0" aria-hidden />
      <p className="min-w-0">
        {lines.map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </p>
    </div>
  )
}
