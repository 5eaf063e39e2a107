import { useCallback, useEffect, useMemo, useRef } from 'react'
import type * as Y from 'yjs'
import { z } from 'zod'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import { readFolder } from '#shared/projects/doc.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { useStored, writeStored } from '../offline/stored.ts'
import { useDocValue } from '../sync/use-document.ts'
import { t } from '../i18n/translate.ts'

const foldersMap = (doc: Y.Doc) => doc.getMap('folders')
const Kept = z.array(FolderPath).max(200).catch([])

/** As many as one call may name. */
const perCall = 50

const storedKey = (projectId: ProjectId) => `folders:${projectId}`

export type Tree = {
  /** What is known of the folders, by path. */
  known: ReadonlyMap<string, FolderListing>
  expanded: ReadonlySet<string>
  expand(path: string, open: boolean): void
  collapseAll(): void
}

/** The file tree: what the project document holds of the folders this person has open. */
export function useTree(projectId: ProjectId, doc: Y.Doc, ready: boolean): Tree {
  const [stored] = useStored(storedKey(projectId))
  const paths = useMemo(() => Kept.parse(parseJson(stored ?? '[]')), [stored])
  const listings = useDocValue(
    doc,
    useCallback((from: Y.Doc) => ['' as const, ...paths].map((path) => readFolder(from, path)).filter((listing) => listing !== undefined), [paths]),
    foldersMap,
  )
  const known = useMemo(() => new Map<string, FolderListing>(listings.map((listing) => [listing.path, listing])), [listings])
  const expanded = useMemo(() => new Set<string>(paths), [paths])

  const key = paths.join('\n')
  useEffect(() => {
    if (!ready) return
    const wanted = Kept.parse(key === '' ? [] : key.split('\n'))
    for (let at = 0; at < wanted.length; at += perCall) {
      call(fileCalls.expandFolders, { params: { id: projectId }, body: { paths: wanted.slice(at, at + perCall) } }).catch((error: unknown) => {
        notify.error(t('files:folderNotOpened'), { id: 'folders', description: describeError(error) })
      })
    }
  }, [projectId, ready, key])

  // Several folders may be opened in one go, before what was stored comes back.
  const newest = useRef(paths)
  useEffect(() => {
    newest.current = paths
  }, [paths])
  const keep = useCallback(
    (next: z.infer<typeof Kept>) => {
      newest.current = next
      writeStored(storedKey(projectId), JSON.stringify(next))
    },
    [projectId],
  )
  const expand = useCallback(
    (path: string, open: boolean) => {
      const rest = newest.current.filter((other) => other !== path && (open || !other.startsWith(`${path}/`)))
      keep(open ? Kept.parse([...rest, path]) : rest)
    },
    [keep],
  )
  return { known, expanded, expand, collapseAll: useCallback(() => keep([]), [keep]) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
