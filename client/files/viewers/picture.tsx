import { ImageOff, Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { FilePath } from '#shared/files/path.ts'
import { formatBytes, formatPercent } from '../../i18n/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { nameOf } from '../tree-model.ts'
import { useBlobUrl } from './use-blob-url.ts'

const steps = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8]

/** A picture, fitted or at a chosen size. */
export default function Picture({ blob, path }: { blob: Blob; path: FilePath }) {
  const { t } = useTranslation('files')
  const url = useBlobUrl(blob)
  const pane = useRef<HTMLDivElement>(null)
  const [natural, setNatural] = useState<{ width: number; height: number }>()
  const [zoom, setZoom] = useState<number>()
  const [fitted, setFitted] = useState(1)
  const [broken, setBroken] = useState(false)
  useEffect(() => setBroken(false), [blob])

  useEffect(() => {
    const element = pane.current
    if (!element || !natural) return
    const measure = () => {
      const room = 48
      setFitted(Math.min(1, (element.clientWidth - room) / natural.width, (element.clientHeight - room) / natural.height))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [natural])

  if (broken) return <Empty className="h-full" icon={<ImageOff />} title={t('badPicture')} text={t('badPictureText')} />
  const scale = zoom ?? Math.max(0.01, fitted)
  const step = (direction: 1 | -1) => {
    const next = direction > 0 ? steps.find((one) => one > scale + 0.001) : steps.findLast((one) => one < scale - 0.001)
    if (next !== undefined) setZoom(next)
  }
  return (
    <div className="flex h-full flex-col">
      <div
        ref={pane}
        role="group"
        aria-label={t('picture')}
        tabIndex={0}
        className="flex min-h-0 flex-1 overflow-auto bg-sunken p-6 -outline-offset-2"
      >
        {url && (
          <img
            src={url}
            alt={nameOf(path)}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setNatural({ width: naturalWidth || 300, height: naturalHeight || 150 })}
            onError={() => setBroken(true)}
            className="m-auto max-w-none shrink-0 rounded-sm bg-raised shadow-[0_0_0_1px_var(--line)]"
            style={{
              ...(natural ? { width: natural.width * scale, height: natural.height * scale } : { visibility: 'hidden' }),
              imageRendering: scale >= 3 ? 'pixelated' : 'auto',
            }}
          />
        )}
      </div>
      <div className="flex shrink-0 items-center gap-1 border-t border-line px-3 py-1 text-small text-fg-3 tabular-nums">
        <span className="min-w-0 flex-1 truncate">
          {natural && `${natural.width} × ${natural.height} · `}
          {formatBytes(blob.size)}
        </span>
        <IconButton label={t('zoomOut')} onClick={() => step(-1)} disabled={scale <= 0.1}>
          <ZoomOut size={15} />
        </IconButton>
        <span aria-live="polite" className="w-11 text-center">
          {formatPercent(scale)}
        </span>
        <IconButton label={t('zoomIn')} onClick={() => step(1)} disabled={scale >= 8}>
          <ZoomIn size={15} />
        </IconButton>
        <IconButton label={t('zoomFit')} pressed={zoom === undefined} onClick={() => setZoom(undefined)}>
          <Maximize size={15} />
        </IconButton>
      </div>
    </div>
  )
}
