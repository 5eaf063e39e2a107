import { CloudOff, FileClock, FileOutput, FileX2, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { FileAuthor, FileState } from '#shared/files/state.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { useFilesRoom } from './room-context.ts'
import { useFileActions } from './use-file-actions.ts'

const nameOfAuthor = (author: FileAuthor | undefined) => (author && 'name' in author ? author.name : undefined)

/** How an open file stands to the disk, when there is something to say about it. */
export function StateBanner({ state }: { state: FileState | undefined }) {
  const { t } = useTranslation('files')
  const { projectId, mayWrite, open } = useFilesRoom()
  const actions = useFileActions(projectId)
  const [busy, setBusy] = useState(false)
  if (!state || state.status === 'level') return null
  const by = nameOfAuthor(state.by)
  const look = { size: 15, className: 'shrink-0', 'aria-hidden': true as const }

  const writeBack = mayWrite && (
    <Button
      busy={busy}
      onClick={() => {
        setBusy(true)
        void actions.writeBack(state.path).then(() => setBusy(false))
      }}
    >
      {t('writeBack')}
    </Button>
  )
  const said: Record<Exclude<FileState['status'], 'level'>, { icon: ReactNode; tone: 'plain' | 'warn'; text: string; action?: ReactNode }> = {
    waiting: { icon: <CloudOff {...look} />, tone: 'plain', text: t('stateWaiting') },
    missing: { icon: <FileClock {...look} />, tone: 'plain', text: t('stateMissing') },
    deleted: { icon: <FileX2 {...look} />, tone: 'warn', text: by ? t('stateDeletedBy', { name: by }) : t('stateDeleted'), action: writeBack },
    moved: {
      icon: <FileOutput {...look} />,
      tone: 'warn',
      text: by ? t('stateMovedBy', { name: by, to: state.to ?? '' }) : t('stateMoved', { to: state.to ?? '' }),
      action: state.to && <Button onClick={() => open(state.to)}>{t('openIt')}</Button>,
    },
    not_text: { icon: <TriangleAlert {...look} />, tone: 'warn', text: t('stateNotText'), action: writeBack },
    too_large: { icon: <TriangleAlert {...look} />, tone: 'warn', text: t('stateTooLarge'), action: writeBack },
    failed: {
      icon: <TriangleAlert {...look} />,
      tone: 'warn',
      text: t('stateFailed', { detail: serverText(state.detail ?? '') }),
      action: writeBack,
    },
  }
  const { icon, tone, text, action } = said[state.status]
  return (
    <Banner tone={tone} icon={icon} action={action || undefined}>
      {text}
    </Banner>
  )
}
