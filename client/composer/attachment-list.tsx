import { CircleAlert, File, RotateCw, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { formatBytes, formatPercent } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { patchDraft, type Draft, type DraftKey } from './drafts.ts'
import type { Upload, Uploads } from './upload.ts'

type Props = { draft: DraftKey; uploads: Uploads; files: Draft['files']; coming: readonly Upload[] }

export default function AttachmentList({ draft, uploads, files, coming }: Props) {
  const { t } = useTranslation('composer')
  return (
    <ul aria-label={t('attached')} className="flex flex-wrap gap-1.5 px-2.5 pt-1.5">
      {files.map((file) => (
        <Chip key={file.path} icon={<File size={14} className="shrink-0 text-fg-3" aria-hidden />} name={file.path} note={formatBytes(file.size)}>
          <IconButton
            label={t('detach', { name: file.path })}
            className="size-6! pointer-coarse:size-11!"
            onClick={() => patchDraft(draft, { files: files.filter((one) => one !== file) })}
          >
            <X size={14} />
          </IconButton>
        </Chip>
      ))}
      {coming.map((upload) => (
        <Coming key={upload.id} upload={upload} uploads={uploads} />
      ))}
    </ul>
  )
}

function Coming({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { t } = useTranslation('composer')
  const { id, name, size, share, problem, final } = upload
  if (problem !== undefined) {
    return (
      <Chip icon={<CircleAlert size={14} className="shrink-0 text-danger" aria-hidden />} name={name} note={problem} danger>
        {!final && (
          <IconButton label={t('upload.retry', { name })} className="size-6! pointer-coarse:size-11!" onClick={() => uploads.retry(id)}>
            <RotateCw size={13} />
          </IconButton>
        )}
        <IconButton label={t('upload.dismiss', { name })} className="size-6! pointer-coarse:size-11!" onClick={() => uploads.cancel(id)}>
          <X size={14} />
        </IconButton>
      </Chip>
    )
  }
  return (
    <Chip
      icon={
        <span
          role="progressbar"
          aria-label={t('upload.progress', { name })}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1 w-10 shrink-0 overflow-hidden rounded-full bg-selected"
        >
          <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
        </span>
      }
      name={name}
      note={share > 0 ? formatPercent(share) : formatBytes(size)}
    >
      <IconButton label={t('upload.cancel', { name })} className="size-6! pointer-coarse:size-11!" onClick={() => uploads.cancel(id)}>
        <X size={14} />
      </IconButton>
    </Chip>
  )
}

type ChipProps = { icon: ReactNode; name: string; note: string; danger?: boolean; children: ReactNode }

const Chip = ({ icon, name, note, danger = false, children }: ChipProps) => (
  <li
    className={cx(
      'flex h-8 max-w-full items-center gap-1.5 rounded-md border bg-surface pr-0.5 pl-2 text-small pointer-coarse:h-11',
      danger ? 'border-danger' : 'border-line',
    )}
  >
    {icon}
    <span className="min-w-0 truncate font-label">{name}</span>
    <span role={danger ? 'alert' : undefined} className={cx('min-w-0 shrink truncate', danger ? 'text-danger' : 'text-fg-3')}>
      {note}
    </span>
    {children}
  </li>
)
