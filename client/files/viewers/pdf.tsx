import { Download, FileText } from 'lucide-react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { FilePath } from '#shared/files/path.ts'
import { formatBytes } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { useFilesRoom } from '../room-context.ts'
import { nameOf } from '../tree-model.ts'
import { download } from '../use-file-actions.ts'
import { useBlobUrl } from './use-blob-url.ts'

/** A PDF in the browser's own viewer, where it has one. */
export default function Pdf({ blob, path }: { blob: Blob; path: FilePath }) {
  const { t } = useTranslation('files')
  const { projectId } = useFilesRoom()
  const url = useBlobUrl(blob)
  const save = (
    <Button icon={<Download size={15} />} onClick={() => download(projectId, path)}>
      {t('download')}
    </Button>
  )
  if (!navigator.pdfViewerEnabled) {
    return (
      <Empty
        className="h-full"
        icon={<FileText />}
        title={t('noPdfViewer')}
        text={t('withSize', { size: formatBytes(blob.size), text: t('noPdfViewerText') })}
      >
        {save}
      </Empty>
    )
  }
  return (
    <div className="flex h-full flex-col">
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- browsers refuse their own PDF viewer in a sandboxed frame; it keeps documents apart itself, and the bytes are never opened as anything but a PDF */}
      {url && <iframe src={url} title={nameOf(path)} referrerPolicy="no-referrer" className="min-h-0 w-full flex-1 border-0 bg-sunken" />}
      <div className="flex shrink-0 items-center justify-between gap-2 border-t border-line px-3 py-1 text-small text-fg-3">
        <span>{t('pdfHint')}</span>
        {save}
      </div>
    </div>
  )
}
