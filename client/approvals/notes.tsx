import { History } from 'lucide-react'
import type { Approval, ApprovalNote } from '#shared/approvals/schema.ts'
import { formatTime } from '../base/format.ts'
import { useTranslation } from '../i18n/use-translation.ts'

/** What people did last about a request that waits, beside voting. */
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
