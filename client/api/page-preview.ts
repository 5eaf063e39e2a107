import { useQuery } from '@tanstack/react-query'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { previewCalls } from '#shared/previews/api.ts'
import { call } from './api.ts'
import { isAway } from '../sync/saved.ts'
import { useSavedPart } from '../sync/use-document.ts'

/** Addresses are forgotten by a server that ends: each time the connection is back, they are asked for anew. */
export const useConnected = () => !useSavedPart(isAway)

/**
 * The address of a page of the workspace on its own origin. The same page keeps its address; `round` asks again whether it is
 * still there.
 */
export function usePagePreview(projectId: ProjectId, path: FilePath, { round = '', enabled = true }: { round?: string; enabled?: boolean } = {}) {
  const connected = useConnected()
  return useQuery({
    queryKey: ['preview', projectId, 'page', path, round, connected],
    queryFn: ({ signal }) => call(previewCalls.openPreview, { params: { id: projectId }, body: { path }, signal }),
    enabled: enabled && connected,
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[3] === path && !query.state.error ? before : undefined),
  })
}
