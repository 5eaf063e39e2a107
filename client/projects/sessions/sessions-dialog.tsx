import { Search } from 'lucide-react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Project } from '#shared/projects/schema.ts'
import { Dialog } from '../../ui/dialog.tsx'
import SessionList from './session-list.tsx'

type Props = { project: Pick<Project, 'id' | 'role'>; current: SessionId | undefined; onClose(): void; onSearch(): void }

/** The list of the rail where there is no rail, and the way to search what was said in all sessions. */
export default function SessionsDialog({ project, current, onClose, onSearch }: Props) {
  const { t } = useTranslation('room')
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('sessions')}>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={onSearch}
        className="mb-2 flex h-(--h-control) w-full items-center gap-2 rounded-md border border-line-strong bg-raised px-2 text-ui text-fg-2 transition-colors duration-(--d-hover) hover:text-fg pointer-coarse:h-11"
      >
        <Search size={15} className="shrink-0 text-fg-3" aria-hidden />
        <span className="truncate">{t('searchSaid')}</span>
      </button>
      <div className="-mx-2 max-h-[calc(70dvh-52px)] overflow-y-auto [--session-ground:var(--raised)]">
        <SessionList project={project} current={current} onChoose={onClose} />
      </div>
    </Dialog>
  )
}
