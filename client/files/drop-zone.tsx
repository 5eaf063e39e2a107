import { Upload } from 'lucide-react'
import { useState, type DragEvent, type ReactNode } from 'react'
import { notify } from '../base/notify.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls, maxFileBytes } from '#shared/files/api.ts'
import { FilePath } from '#shared/files/path.ts'
import { callRaw } from '../base/api.ts'
import { formatBytes } from '../base/format.ts'
import { describeError } from '../base/query.ts'

type Props = { projectId: ProjectId; enabled: boolean; onAdded(paths: FilePath[]): void; children: ReactNode }

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** Files dropped here are written to the workspace's root, under their own names. */
export function DropZone({ projectId, enabled, onAdded, children }: Props) {
  const [over, setOver] = useState(false)

  const onDrop = async (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    setOver(false)
    if (!enabled) return
    const added: FilePath[] = []
    for (const file of event.dataTransfer.files) {
      const path = await add(projectId, file)
      if (path) added.push(path)
    }
    if (added.length > 0) onAdded(added)
  }

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
      onDrop={(event) => void onDrop(event)}
    >
      {children}
      {over && (
        <div className="fade pointer-events-none absolute inset-2 z-30 flex items-center justify-center gap-2 rounded-lg border border-dashed border-accent bg-accent-tint/85 text-ui font-label text-accent-text">
          <Upload size={16} aria-hidden />
          Drop to add to the files
        </div>
      )}
    </div>
  )
}

async function add(projectId: ProjectId, file: File): Promise<FilePath | undefined> {
  const path = FilePath.safeParse(file.name)
  if (!path.success || file.size > maxFileBytes) {
    notify.error(`${file.name} was not added`, {
      description: path.success ? `A file may have at most ${formatBytes(maxFileBytes)}.` : 'Give the file a plain name.',
    })
    return undefined
  }
  try {
    await callRaw(
      fileCalls.writeFile,
      { params: { id: projectId, path: path.data } },
      { headers: { 'content-type': 'application/octet-stream' }, body: file },
    )
    return path.data
  } catch (error) {
    notify.error(`${file.name} was not added`, { description: describeError(error) })
    return undefined
  }
}
