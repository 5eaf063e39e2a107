import { Suspense, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ArtifactId, ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { urlOf } from '../api/api.ts'
import { cx } from '../ui/class-names.ts'
import { presentationOf } from './call-presentation.ts'

const PictureDialog = lazy(() => import('./picture-dialog.tsx'))

type Picture = { id: ArtifactId; name: string }

/** Pictures that a call kept. */
export const picturesOf = (item: ToolCallItem): readonly Picture[] => presentationOf(item).pictures ?? []

/** Most that are shown of a folded group. */
const most = 4

/** What calls drew, large enough to be read where it stands. */
export function Figures({ items, projectId }: { items: readonly ToolCallItem[]; projectId: ProjectId }) {
  const pictures = items.flatMap(picturesOf).slice(-most)
  return pictures.length > 0 && <Pictures pictures={pictures} projectId={projectId} large={pictures.length === 1} />
}

/** Small pictures that open large. */
export function Pictures({ pictures, projectId, large = false }: { pictures: readonly Picture[]; projectId: ProjectId; large?: boolean }) {
  const { t } = useTranslation('trajectory')
  const [open, setOpen] = useState<Picture>()
  const nameOf = (picture: Picture) => picture.name || t('pictureNumber', { number: pictures.indexOf(picture) + 1 })
  const address = (picture: Picture) => urlOf(fileCalls.readArtifact, { id: projectId, artifactId: picture.id }, {})
  return (
    <div className="flex flex-wrap gap-2 p-3">
      {pictures.map((picture) => (
        <Thumbnail key={picture.id} src={address(picture)} name={nameOf(picture)} large={large} onOpen={() => setOpen(picture)} />
      ))}
      {open && (
        <Suspense>
          <PictureDialog src={address(open)} name={nameOf(open)} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </div>
  )
}

/** One that is older than the project keeps its history says so. */
function Thumbnail({ src, name, large, onOpen }: { src: string; name: string; large: boolean; onOpen(): void }) {
  const { t } = useTranslation('trajectory', 'preview')
  const [gone, setGone] = useState(false)
  if (gone) return <p className="rounded-md border border-line bg-raised px-3 py-2 text-small text-fg-3">{t('preview:figureGone')}</p>
  return (
    <button
      type="button"
      aria-label={t('openPicture', { name })}
      onClick={onOpen}
      className={cx('overflow-hidden rounded-md border border-line bg-raised hover:border-line-strong', large ? 'h-60 w-full' : 'h-39 w-52')}
    >
      <img src={src} alt="" loading="lazy" decoding="async" onError={() => setGone(true)} className="size-full object-contain" />
    </button>
  )
}
