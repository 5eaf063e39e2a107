import { useCallback, useEffect, useState } from 'react'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { FolderPath } from '#shared/files/path.ts'
import { readFolder } from '#shared/projects/doc.ts'
import { call } from '../api/api.ts'
import { useDocValue } from '../sync/use-document.ts'

const foldersMap = (doc: Y.Doc) => doc.getMap('folders')

/** Folders beside a page that are watched with it. */
const mostFolders = 12
/** A build writes many files: the page is loaded again when it is done with them. */
const settleMs = 350

const foldersOf = (doc: Y.Doc, folder: FolderPath): FolderPath[] => {
  const inside = (readFolder(doc, folder)?.entries ?? []).filter(({ type, name }) => type === 'folder' && !name.startsWith('.'))
  const paths = inside.slice(0, mostFolders).map(({ name }) => FolderPath.parse(folder === '' ? name : `${folder}/${name}`))
  return [folder, ...paths]
}

/** Another value each time something in a folder, or in the folders right below it, has changed and settled. */
export function useFolderRound(projectId: ProjectId, project: Y.Doc, folder: FolderPath): string {
  const folders = useDocValue(
    project,
    useCallback((doc: Y.Doc) => foldersOf(doc, folder), [folder]),
    foldersMap,
  )
  const key = folders.join('\n')
  useEffect(() => {
    const paths = key.split('\n').map((path) => FolderPath.parse(path))
    // The live tree holds them from now on; without it the page is loaded again by hand.
    call(fileCalls.expandFolders, { params: { id: projectId }, body: { paths } }).catch(() => undefined)
  }, [projectId, key])
  const now = useDocValue(
    project,
    useCallback(
      (doc: Y.Doc) =>
        key
          .split('\n')
          .flatMap(
            (path) => readFolder(doc, FolderPath.parse(path))?.entries.map(({ name, size, modifiedAt }) => `${name} ${size} ${modifiedAt}`) ?? [],
          )
          .join('\n'),
      [key],
    ),
    foldersMap,
  )
  const [settled, setSettled] = useState(now)
  useEffect(() => {
    if (settled === now) return
    // What was not known yet has not changed.
    const timer = setTimeout(() => setSettled(now), settled === '' ? 0 : settleMs)
    return () => clearTimeout(timer)
  }, [settled, now])
  return settled
}
