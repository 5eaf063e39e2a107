import { useCallback, useEffect, useMemo } from 'react'
import { notify } from '../base/notify.ts'
import type * as Y from 'yjs'
import { z } from 'zod'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import { readFolder } from '#shared/projects/doc.ts'
import { call } from '../base/api.ts'
import { describeError } from '../base/query.ts'
import { useStored } from '../base/stored.ts'
import { useDocValue } from '../base/use-document.ts'
import { linesOf } from './tree-model.ts'

const foldersMap = (doc: Y.Doc) => doc.getMap('folders')
const Kept = z.array(FolderPath).max(200).catch([])

/** As many as one call may name. */
const perCall = 50

/** The file tree: what the project document holds of the folders this person has open. */
export function useTree(projectId: ProjectId, doc: Y.Doc, ready: boolean) {
  const [stored, store] = useStored(`folders:${projectId}`)
  const paths = useMemo(() => Kept.parse(parseJson(stored ?? '[]')), [stored])
  const listings = useDocValue(
    doc,
    useCallback((from: Y.Doc) => ['' as const, ...paths].map((path) => readFolder(from, path)).filter((listing) => listing !== undefined), [paths]),
    foldersMap,
  )
  const known = useMemo(() => new Map<string, FolderListing>(listings.map((listing) => [listing.path, listing])), [listings])
  const lines = useMemo(() => linesOf(known, new Set<string>(paths)), [known, paths])

  const key = paths.join('\n')
  useEffect(() => {
    if (!ready) return
    const wanted = Kept.parse(key === '' ? [] : key.split('\n'))
    for (let at = 0; at < wanted.length; at += perCall) {
      call(fileCalls.expandFolders, { params: { id: projectId }, body: { paths: wanted.slice(at, at + perCall) } }).catch((error: unknown) => {
        notify.error('A folder did not open', { id: 'folders', description: describeError(error) })
      })
    }
  }, [projectId, ready, key])

  const expand = useCallback(
    (path: string, open: boolean) => {
      const now = Kept.parse(parseJson(stored ?? '[]'))
      const rest = now.filter((other) => other !== path && (open || !other.startsWith(`${path}/`)))
      store(JSON.stringify(open ? [...rest, path] : rest))
    },
    [stored, store],
  )
  return { lines, known, expand }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
