import type { DragEvent, ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { FolderPath } from '#shared/files/path.ts'
import { DropZone as Zone } from '../ui/drop-zone.tsx'
import { uploadsOf, type Upload } from './chosen-files.ts'

type Props = { enabled: boolean; onFiles(folder: FolderPath, uploads: readonly Upload[]): void; className: string; children: ReactNode }

/** Files and folders dropped here are added: to the folder under the pointer, else to the root. */
export function DropZone({ enabled, onFiles, className, children }: Props) {
  const { t } = useTranslation('files')
  const onDrop = (event: DragEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path][aria-expanded]') : null
    const folder = FolderPath.safeParse(row?.dataset.path ?? '')
    void uploadsOf(event.dataTransfer).then((uploads) => uploads.length > 0 && onFiles(folder.success ? folder.data : '', uploads))
  }
  return (
    <Zone enabled={enabled} onDrop={onDrop} text={t('dropToAdd')} className={className}>
      {children}
    </Zone>
  )
}
