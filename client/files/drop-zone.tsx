import { Upload } from 'lucide-react'
import { useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { FolderPath } from '#shared/files/path.ts'
import { uploadsOf, type Upload as Added } from './upload.ts'

type Props = { enabled: boolean; onFiles(folder: FolderPath, uploads: readonly Added[]): void; className: string; children: ReactNode }

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Files and folders dropped here are added: to the folder under the pointer, else to the root. */
export function DropZone({ enabled, onFiles, className, children }: Props) {
  const { t } = useTranslation('files')
  const [over, setOver] = useState(false)

  const onDrop = (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    if (!enabled) return
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path][aria-expanded]') : null
    const folder = FolderPath.safeParse(row?.dataset.path ?? '')
    // What was dropped can be read only while this runs.
    void uploadsOf(event.dataTransfer).then((uploads) => uploads.length > 0 && onFiles(folder.success ? folder.data : '', uploads))
  }

  return (
    <div
      role="presentation"
      className={`relative ${className}`}
      onDragOver={(event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        setOver(enabled)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={onDrop}
    >
      {children}
      {over && (
        <div className="fade pointer-events-none absolute inset-1.5 z-30 flex items-center justify-center gap-2 rounded-lg border border-dashed border-accent bg-accent-tint/85 p-2 text-center text-ui font-label text-accent-text">
          <Upload size={16} aria-hidden />
          {t('dropToAdd')}
        </div>
      )}
    </div>
  )
}
