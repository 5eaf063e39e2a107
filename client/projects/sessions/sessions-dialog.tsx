import { useTranslation } from '../../i18n/use-translation.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Project } from '#shared/projects/schema.ts'
import { Dialog } from '../../ui/dialog.tsx'
import SessionList from './session-list.tsx'

type Props = { project: Pick<Project, 'id' | 'role'>; current: SessionId | undefined; onClose(): void }

/** The list of the rail where there is no rail. */
export default function SessionsDialog({ project, current, onClose }: Props) {
  const { t } = useTranslation('room')
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('sessions')}>
      <div className="-mx-2 max-h-[70dvh] overflow-y-auto [--session-ground:var(--raised)]">
        <SessionList project={project} current={current} onChoose={onClose} />
      </div>
    </Dialog>
  )
}
