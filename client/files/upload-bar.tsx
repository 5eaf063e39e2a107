import { X } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { formatBytes } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import type { Uploader, UploadState } from './upload.ts'

/** How far adding files is, and what could not be added. */
export function UploadBar({ uploader, state }: { uploader: Uploader; state: Exclude<UploadState, { status: 'idle' }> }) {
  const { t } = useTranslation('files')
  if (state.status === 'failed')
    return (
      <div role="alert" className="flex items-start gap-1 border-t border-line bg-danger-tint py-1.5 pr-1 pl-3 text-small text-danger">
        <div className="max-h-24 min-w-0 flex-1 overflow-auto">
          {state.failures.map(({ name, reason }) => (
            <p key={name} className="break-words">
              {t('notAdded', { name, reason })}
            </p>
          ))}
        </div>
        <IconButton label={t('dismiss')} onClick={uploader.dismiss}>
          <X size={14} />
        </IconButton>
      </div>
    )
  const { done, total, bytes, totalBytes } = state
  return (
    <div className="border-t border-line px-3 py-1.5 text-small text-fg-2">
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 truncate">{t('adding', { done, total, bytes: formatBytes(bytes), of: formatBytes(totalBytes) })}</p>
        <IconButton label={t('stopAdding')} onClick={uploader.cancel}>
          <X size={14} />
        </IconButton>
      </div>
      <div
        role="progressbar"
        aria-label={t('addingFiles')}
        aria-valuenow={totalBytes > 0 ? Math.round((bytes / totalBytes) * 100) : 0}
        aria-valuemin={0}
        aria-valuemax={100}
        className="mt-1 h-1 overflow-hidden rounded-full bg-selected"
      >
        <div className="h-full bg-accent" style={{ width: `${totalBytes > 0 ? (bytes / totalBytes) * 100 : 0}%` }} />
      </div>
    </div>
  )
}
