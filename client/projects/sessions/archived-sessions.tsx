import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { call } from '../../api/api.ts'
import { describeError } from '../../api/describe-error.ts'
import { cx } from '../../ui/class-names.ts'
import { More } from './more.tsx'
import { useSessionPages } from './older-sessions.tsx'

type Props = {
  projectId: ProjectId
  /** How many are in the list: when that changes, somebody may have put one away. */
  known: number
  row(session: SessionSummary): ReactNode
}

/** What was put away, behind a line of its own; nothing at all where nothing was. */
export function ArchivedSessions({ projectId, known, row }: Props) {
  const { t } = useTranslation('room')
  const [open, setOpen] = useState(false)
  const any = useQuery({
    queryKey: [sessionCalls.listSessions.name, projectId, 'any', known],
    queryFn: ({ signal }) => call(sessionCalls.listSessions, { params: { id: projectId }, query: { archived: 'true', limit: 1 }, signal }),
    placeholderData: (before) => before,
  })
  const pages = useSessionPages({ projectId, archived: true, before: undefined, enabled: open })
  if (!any.data?.sessions.length) return null
  return (
    <>
      <li>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-(--h-row) w-full items-center gap-1 rounded-md px-2 text-ui text-fg-3 hover:bg-hover hover:text-fg pointer-coarse:h-11"
        >
          <ChevronRight size={14} className={cx('transition-transform duration-(--d-menu)', open && 'rotate-90')} aria-hidden />
          {t('archived')}
        </button>
      </li>
      {open && pages.data?.pages.flatMap((page) => page.sessions).map(row)}
      {open && pages.error && <li className="px-2 py-1 text-small text-danger">{describeError(pages.error)}</li>}
      {open && (pages.hasNextPage || pages.isLoading) && (
        <More
          label={pages.isLoading ? t('loadingSessions') : t('olderSessions')}
          busy={pages.isFetching}
          onClick={() => void pages.fetchNextPage()}
        />
      )}
    </>
  )
}
