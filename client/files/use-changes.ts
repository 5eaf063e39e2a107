import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FileChange, FileChanges } from '#shared/files/changes.ts'
import { queryOf } from '../api/query.ts'

const changesQuery = (projectId: ProjectId) => ({ ...queryOf(fileCalls.fileChanges, { params: { id: projectId }, query: {} }), staleTime: 30_000 })
const nothing: FileChanges = { baseline: null, changes: [], truncated: false }

/** What the latest run changed, by path. */
export function useChanges(projectId: ProjectId): { baseline: FileChanges['baseline']; byPath: ReadonlyMap<string, FileChange> } {
  const { data } = useQuery({ ...changesQuery(projectId), select: indexed })
  return data ?? empty
}

const indexed = ({ baseline, changes }: FileChanges) => ({
  baseline,
  byPath: new Map<string, FileChange>(changes.map((change) => [change.path, change])),
})
const empty = indexed(nothing)

/** A command may change many files at once: ask when it is done with them. */
const settleMs = 600

/** Asks again when the tree shows that something changed, or a run began. */
export function useFreshChanges(projectId: ProjectId, project: Y.Doc): void {
  const client = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const renew = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void client.invalidateQueries({ queryKey: changesQuery(projectId).queryKey })
      }, settleMs)
    }
    const watched = [project.getMap('folders'), project.getMap('sessions')]
    for (const map of watched) map.observe(renew)
    return () => {
      clearTimeout(timer)
      for (const map of watched) map.unobserve(renew)
    }
  }, [client, projectId, project])
}
