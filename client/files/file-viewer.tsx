import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Download, FileQuestion, ImageOff, X } from 'lucide-react'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { urlOf } from '../base/api.ts'
import { formatBytes } from '../base/format.ts'
import { describeError } from '../base/query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { contentQuery, type FileContent } from './file-content.ts'
import { nameOf, parentOf } from './tree-model.ts'

const CodeView = lazy(() => import('./code-view.tsx'))

type Props = { projectId: ProjectId; path: FilePath; entry: FileEntry | undefined; onClose(): void; marks: ReactNode }

/** One file, as it is in the sandbox now. */
export function FileViewer({ projectId, path, entry, onClose, marks }: Props) {
  const content = useQuery(contentQuery(projectId, path, entry))
  return (
    <section aria-label={path} className="flex h-full min-w-0 flex-col">
      <header className="flex h-9 shrink-0 items-center gap-1.5 border-b border-line pr-2 pl-4 text-ui">
        <span className="min-w-0 truncate text-fg-3">{parentOf(path) && `${parentOf(path)} / `}</span>
        <span className="shrink-0 font-label">{nameOf(path)}</span>
        <span className="flex-1" />
        {marks}
        {entry && <span className="shrink-0 px-1 text-small text-fg-3 tabular-nums">{formatBytes(entry.size)}</span>}
        <a
          href={urlOf(fileCalls.readFile, { id: projectId, path }, {})}
          download={nameOf(path)}
          aria-label="Download"
          title="Download"
          className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg"
        >
          <Download size={15} />
        </a>
        <IconButton label="Close the file" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1">
        {content.data ? (
          <Shown content={content.data} path={path} />
        ) : content.error ? (
          <Empty className="h-full" icon={<CircleAlert />} title="The file did not open" text={describeError(content.error)}>
            <Button onClick={() => void content.refetch()}>Try again</Button>
          </Empty>
        ) : (
          <Skeleton label="Loading the file" lines={4} />
        )}
      </div>
    </section>
  )
}

function Shown({ content, path }: { content: FileContent; path: string }) {
  switch (content.kind) {
    case 'text':
      return (
        <Suspense fallback={<Skeleton label="Loading the file" lines={4} />}>
          <CodeView text={content.text} path={path} />
        </Suspense>
      )
    case 'image':
      return <Picture blob={content.blob} name={nameOf(path)} />
    case 'large':
      return (
        <Empty
          className="h-full"
          icon={<FileQuestion />}
          title="This file is too long to show"
          text={`It has ${formatBytes(content.size)}. Download it to read it.`}
        />
      )
    case 'binary':
      return (
        <Empty
          className="h-full"
          icon={<FileQuestion />}
          title="This is not text"
          text={`It has ${formatBytes(content.size)}. Download it to open it.`}
        />
      )
  }
}

function Picture({ blob, name }: { blob: Blob; name: string }) {
  const [url, setUrl] = useState<string>()
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    setBroken(false)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  if (broken)
    return (
      <Empty
        className="h-full"
        icon={<ImageOff />}
        title="This picture cannot be shown"
        text="Its data may be incomplete. Download it to look at it."
      />
    )
  return (
    <div className="flex h-full items-center justify-center overflow-auto bg-sunken p-6">
      {url && (
        <img
          src={url}
          alt={name}
          onError={() => setBroken(true)}
          className="max-h-full max-w-full rounded-sm border border-line bg-raised object-contain"
        />
      )}
    </div>
  )
}
