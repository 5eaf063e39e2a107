import { File, ImageOff } from 'lucide-react'
import { Suspense, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { imageTypes } from '#shared/files/image-types.ts'
import type { FilePath } from '#shared/files/path.ts'
import { urlOf } from '../api/api.ts'
import type { RowContext } from './row-context.ts'

const PictureDialog = lazy(() => import('./picture-dialog.tsx'))

type Props = { files: readonly FilePath[]; projectId: ProjectId; onOpen: RowContext['onOpen'] }

const isPicture = (path: string) => Object.hasOwn(imageTypes, path.slice(path.lastIndexOf('.') + 1).toLowerCase())
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** What came with a message: pictures to look at, and other files to open. */
export default function AttachedFiles({ files, projectId, onOpen }: Props) {
  const { t } = useTranslation('trajectory')
  return (
    <ul aria-label={t('attached.label')} className="mt-1.5 flex flex-wrap gap-2">
      {files.map((path) => (
        <li key={path} className="max-w-full min-w-0">
          {isPicture(path) ? <Picture path={path} projectId={projectId} /> : <FileChip path={path} onOpen={onOpen} />}
        </li>
      ))}
    </ul>
  )
}

function FileChip({ path, onOpen }: { path: FilePath; onOpen: RowContext['onOpen'] }) {
  const { t } = useTranslation('trajectory')
  return (
    <button
      type="button"
      title={path}
      aria-label={t('attached.open', { name: path })}
      disabled={!onOpen}
      onClick={() => onOpen?.({ tab: 'files', file: path })}
      className="flex h-8 max-w-full items-center gap-1.5 rounded-md border border-line bg-raised px-2 text-small font-label hover:border-line-strong pointer-coarse:h-11"
    >
      <File size={14} className="shrink-0 text-fg-3" aria-hidden />
      <span className="truncate">{nameOf(path)}</span>
    </button>
  )
}

/** The height is known before the picture is, so that nothing below moves when it comes. */
function Picture({ path, projectId }: { path: FilePath; projectId: ProjectId }) {
  const { t } = useTranslation('trajectory')
  const [open, setOpen] = useState(false)
  const [gone, setGone] = useState(false)
  const address = urlOf(fileCalls.readFile, { id: projectId, path }, {})
  const name = nameOf(path)
  if (gone) {
    return (
      <p
        title={path}
        className="flex h-8 max-w-full items-center gap-1.5 rounded-md border border-dashed border-line-strong px-2 text-small text-fg-3 pointer-coarse:h-11"
      >
        <ImageOff size={14} className="shrink-0" aria-hidden />
        <span className="truncate font-label text-fg-2">{name}</span>
        <span className="shrink-0">{t('attached.gone')}</span>
      </p>
    )
  }
  return (
    <>
      <button
        type="button"
        aria-label={t('openPicture', { name })}
        title={path}
        onClick={() => setOpen(true)}
        className="block h-40 max-w-full min-w-16 overflow-hidden rounded-md border border-line bg-raised hover:border-line-strong"
      >
        <img
          src={address}
          alt={name}
          loading="lazy"
          decoding="async"
          onError={() => setGone(true)}
          className="h-full max-w-full object-contain sm:max-w-[360px]"
        />
      </button>
      {open && (
        <Suspense>
          <PictureDialog src={address} name={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
