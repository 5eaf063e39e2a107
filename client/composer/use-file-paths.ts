import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { FolderListing } from '#shared/files/schema.ts'
import { queryOf } from '../api/query.ts'

/** Paths of files one can mention: all of the workspace once they were asked for, until then those the tree shows. */
export function useFilePaths(projectId: ProjectId, projectDoc: Y.Doc, wanted: boolean): () => readonly string[] {
  const all = useQuery({ ...queryOf(fileCalls.listPaths, { params: { id: projectId } }), enabled: wanted, retry: false, staleTime: 15_000 })
  const paths = all.data?.paths
  return useCallback(() => paths ?? pathsOfTree(projectDoc), [paths, projectDoc])
}

function pathsOfTree(doc: Y.Doc): string[] {
  return [...doc.getMap<unknown>('folders').values()].flatMap((value) => {
    const listing = FolderListing.safeParse(value).data
    return (listing?.entries ?? [])
      .filter((entry) => entry.type === 'file')
      .map((entry) => (listing?.path ? `${listing.path}/${entry.name}` : entry.name))
  })
}
