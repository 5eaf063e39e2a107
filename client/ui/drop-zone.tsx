import { Upload } from 'lucide-react'
import { useState, type DragEvent, type ReactNode } from 'react'
import { cx } from './class-names.ts'

type Props = {
  /** Off, a drop is still kept from leaving the page for the file. */
  enabled: boolean
  /** What was dropped can be read only while this runs. */
  onDrop(event: DragEvent): void
  /** What a drop does, shown while files are held over it. */
  text: string
  className: string
  children: ReactNode
}

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Takes files that are dropped anywhere on it. */
export function DropZone({ enabled, onDrop, text, className, children }: Props) {
  const [over, setOver] = useState(false)
  return (
    <div
      role="presentation"
      className={cx('relative', className)}
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
        event.stopPropagation()
        setOver(false)
        if (enabled) onDrop(event)
      }}
    >
      {children}
      {over && (
        <div className="fade pointer-events-none absolute inset-1.5 z-30 flex items-center justify-center gap-2 rounded-lg border border-dashed border-accent bg-accent-tint/85 p-2 text-center text-ui font-label text-accent-text">
          <Upload size={16} aria-hidden />
          {text}
        </div>
      )}
    </div>
  )
}
