import { Upload } from 'lucide-react'
import { useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'

type Props = { enabled: boolean; onFiles(files: readonly File[]): void; children: ReactNode }

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Files dropped anywhere on the conversation are attached to what is being written. */
export function AttachZone({ enabled, onFiles, children }: Props) {
  const { t } = useTranslation('composer')
  const [over, setOver] = useState(false)
  return (
    <div
      role="presentation"
      className="relative flex min-h-0 flex-1 flex-col"
      onDragOver={(event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        setOver(enabled)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        setOver(false)
        if (enabled) onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
      {over && (
        <div className="fade pointer-events-none absolute inset-2 z-30 flex items-center justify-center gap-2 rounded-lg border border-dashed border-accent bg-accent-tint/85 text-ui font-label text-accent-text">
          <Upload size={16} aria-hidden />
          {t('drop')}
        </div>
      )}
    </div>
  )
}
