import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { call } from '../../api/api.ts'
import { More } from './more.tsx'

type Options = { projectId: ProjectId; archived: boolean; before: number | undefined; enabled: boolean }

/** A page after another of what the room's document does not hold. */
export function useSessionPages({ projectId, archived, before, enabled }: Options) {
  return useInfiniteQuery({
    queryKey: [sessionCalls.listSessions.name, projectId, archived, before],
    initialPageParam: before,
    queryFn: ({ pageParam, signal }) =>
      call(sessionCalls.listSessions, {
        params: { id: projectId },
        query: { limit: 50, archived: archived ? 'true' : 'false', ...(pageParam !== undefined && { before: pageParam }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextBefore ?? undefined,
    enabled,
  })
}

/** Sessions older than those that the room holds, asked for a page at a time. */
export function OlderSessions({ projectId, before, row }: { projectId: ProjectId; before: number; row(session: SessionSummary): ReactNode }) {
  const { t } = useTranslation('room')
  const older = useSessionPages({ projectId, archived: false, before, enabled: true })
  return (
    <>
      {older.data?.pages.flatMap((page) => page.sessions).map(row)}
      {older.hasNextPage && <More label={t('olderSessions')} busy={older.isFetching} onClick={() => void older.fetchNextPage()} />}
    </>
  )
}
