import { ChevronDown } from 'lucide-react'
import { Suspense, useState } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { overlay } from '../../palette/open-overlay.ts'
import type { Room } from './use-room.ts'

const SessionsDialog = lazy(() => import('../../projects/sessions/sessions-dialog.tsx'))

/** Where the rail does not show the sessions, the title leads to them. */
export default function SessionSwitcher({ room, projectId, title }: { room: Room; projectId: ProjectId; title: string }) {
  const { t } = useTranslation('room')
  const [open, setOpen] = useState(false)
  const search = () => {
    setOpen(false)
    overlay.set('palette')
  }
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        title={t('allSessions')}
        onClick={() => setOpen(true)}
        className="flex max-w-full min-w-0 items-center gap-1 rounded-sm font-title"
      >
        <span className="min-w-0 truncate">{title}</span>
        <ChevronDown size={14} className="shrink-0 text-fg-3" aria-hidden />
      </button>
      {open && (
        <Suspense>
          <SessionsDialog project={{ id: projectId, role: room.role }} current={room.current?.id} onClose={() => setOpen(false)} onSearch={search} />
        </Suspense>
      )}
    </>
  )
}
