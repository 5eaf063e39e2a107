import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { ApprovalCard } from '../approvals/approval-card.tsx'
import { useMe } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useProjects } from '../projects/use-projects.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { AppFrame } from './app-frame.tsx'
import { PageHeader } from './page-header.tsx'

const filters = ['mine', 'pending', 'decided', 'all'] as const
type Filter = (typeof filters)[number]

/** Every request in the rooms of this person: what waits, and what was decided. */
export function ApprovalsPage() {
  const { t } = useTranslation('approvals', 'common')
  const search = useSearch({ from: '/signed-in/approvals' })
  const navigate = useNavigate()
  const filter: Filter = search.show ?? 'pending'
  const me = useMe()
  const projects = useProjects().data?.projects ?? []
  const past = filter === 'decided' || filter === 'all'
  const given = { ...(!past && { status: 'pending' as const }), ...(search.project && { projectId: search.project }) }
  const found = useQuery({ ...queryOf(approvalCalls.listApprovals, { query: given }), refetchInterval: 5000 })
  const roleIn = (id: ProjectId) => projects.find((project) => project.id === id)?.role ?? 'viewer'
  const fits = (approval: Approval) => {
    if (filter === 'decided') return approval.status !== 'pending'
    return filter !== 'mine' || mayDecide(approval, me.id, roleIn(approval.projectId)) === undefined
  }
  const shown = found.data?.approvals.filter(fits)
  const show = (change: { show?: Filter; project?: ProjectId | undefined }) =>
    void navigate({ to: '/approvals', search: { ...search, ...change }, replace: true })

  return (
    <AppFrame>
      <PageHeader title={t('title')}>
        <div className="flex items-center gap-2 max-sm:order-last max-sm:w-full max-sm:justify-between">
          <Select<ProjectId | 'every'>
            label={t('filterProject')}
            className="max-w-44 min-w-0 max-sm:max-w-none max-sm:flex-1"
            value={search.project ?? 'every'}
            options={[{ value: 'every', label: t('allProjects') }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(value) => show({ project: value === 'every' ? undefined : value })}
          />
          <Segmented<Filter>
            label={t('filterStatus')}
            value={filter}
            options={filters.map((value) => ({ value, label: t(`filters.${value}`) }))}
            onChange={(value) => show({ show: value })}
          />
        </div>
      </PageHeader>
      <main className="min-h-0 flex-1 overflow-y-auto">
        {found.error && !found.data ? (
          <Empty className="h-full" icon={<CircleAlert />} title={t('notLoaded')} text={describeError(found.error)}>
            <Button onClick={() => void found.refetch()}>{t('common:retry')}</Button>
          </Empty>
        ) : !shown ? (
          <CardSkeletons label={t('loading')} />
        ) : shown.length === 0 ? (
          <Nothing filter={filter} chosen={search.project !== undefined} />
        ) : (
          <ul aria-label={t('list')} className="mx-auto flex max-w-[680px] flex-col gap-4 px-5 py-6 max-sm:px-3 max-sm:py-4">
            {shown.map((approval) => {
              const project = projects.find((one) => one.id === approval.projectId)
              const agent = approval.requestedBy.agentName
              return (
                <li key={approval.id}>
                  <ApprovalCard
                    focusable
                    approval={approval}
                    me={me}
                    role={roleIn(approval.projectId)}
                    where={
                      <Link
                        className="inline-flex min-h-6 items-center underline decoration-current/35 underline-offset-2 hover:decoration-current"
                        to="/p/$projectId/s/$sessionId"
                        params={{ projectId: approval.projectId, sessionId: approval.sessionId }}
                      >
                        {project ? t('inRoom', { agent, project: project.name }) : agent}
                      </Link>
                    }
                  />
                </li>
              )
            })}
          </ul>
        )}
      </main>
    </AppFrame>
  )
}

function Nothing({ filter, chosen }: { filter: Filter; chosen: boolean }) {
  const { t } = useTranslation('approvals')
  const [title, text] = chosen
    ? [t('noMatch'), t('noMatchText')]
    : filter === 'decided'
      ? [t('nothingDecided'), t('nothingDecidedText')]
      : [t('nothing'), t('nothingText')]
  return <Empty className="h-full pb-24" icon={<ShieldCheck />} title={title} text={text} />
}

/** As tall as the cards that come. */
const CardSkeletons = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="mx-auto flex max-w-[680px] flex-col gap-4 px-5 py-6 max-sm:px-3 max-sm:py-4">
    {[0, 1].map((at) => (
      <div key={at} className="h-[196px] rounded-lg border border-line bg-raised">
        <div aria-hidden className="flex flex-col gap-3 p-4">
          {[42, 86, 71].map((width) => (
            <div key={width} className="pulse-loop h-3 rounded-sm bg-selected" style={{ width: `${width}%` }} />
          ))}
        </div>
      </div>
    ))}
  </div>
)
