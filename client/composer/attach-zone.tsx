import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { DropZone } from '../ui/drop-zone.tsx'

type Props = { enabled: boolean; onFiles(files: readonly File[]): void; children: ReactNode }

/** Files dropped anywhere on the conversation are attached to what is being written. */
export function AttachZone({ enabled, onFiles, children }: Props) {
  const { t } = useTranslation('composer')
  return (
    <DropZone enabled={enabled} onDrop={(event) => onFiles([...event.dataTransfer.files])} text={t('drop')} className="flex min-h-0 flex-1 flex-col">
      {children}
    </DropZone>
  )
}
