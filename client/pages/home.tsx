import { Link, useNavigate } from '@tanstack/react-router'
import { CircleAlert, Plus, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { WaitingRow } from '../approvals/waiting-row.tsx'
import { useMe } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { useStored } from '../offline/stored.ts'
import { NewProjectDialog } from '../projects/new-project-dialog.tsx'
import { NowSidebar } from '../projects/now-sidebar.tsx'
import { ProjectTable } from '../projects/project-table.tsx'
import { arrange, projectOrders, type ProjectOrder } from '../projects/sort-projects.ts'
import { useAgentNames, useOverview } from '../projects/use-overview.ts'
import { useProjects, useWaitingForMe } from '../projects/use-projects.ts'
import { CountBadge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { fieldLook, Select } from '../ui/field.tsx'
import { Logo } from '../ui/marks.tsx'
import { AppFrame } from './app-frame.tsx'
import { PageHeader } from './page-header.tsx'

const isOrder = (value: string | null): value is ProjectOrder => (projectOrders as readonly (string | null)[]).includes(value)

/** Where a person lands: what waits for them, their projects, and who is where now. */
export function HomePage() {
  const { t } = useTranslation('home', 'common')
  const projects = useProjects()
  const overview = useOverview().data
  const agentName = useAgentNames()
  const [creating, setCreating] = useState(false)
  const [filter, setFilter] = useState('')
  const [stored, keepOrder] = useStored('home:order')
  const order = isOrder(stored) ? stored : 'changed'
  const navigate = useNavigate()
  const all = projects.data?.projects ?? []
  const query = useDeferredValue(filter)
  const activities = new Map(overview?.projects.map((activity) => [activity.id, activity]))
  const rows = arrange(
    all.map((project) => ({ project, activity: activities.get(project.id) })),
    query,
    order,
  )
  const create = (
    <Button look="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setCreating(true)}>
      {t('newProject')}
    </Button>
  )

  return (
    <AppFrame>
      <PageHeader title={t('title')} back={<Logo className="ml-2 size-[18px]" />}>
        {all.length > 0 && (
          <>
            <div className="relative w-52 max-md:w-40 max-sm:order-last max-sm:w-auto max-sm:min-w-52 max-sm:flex-1">
              <Search size={15} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3" aria-hidden />
              <input
                type="search"
                aria-label={t('filter')}
                placeholder={t('filter')}
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
                className={`${fieldLook} h-(--h-control) pl-8!`}
              />
            </div>
            <Select<ProjectOrder>
              label={t('sort')}
              className="max-sm:order-last"
              value={order}
              options={projectOrders.map((value) => ({ value, label: t(`sorts.${value}`) }))}
              onChange={keepOrder}
            />
          </>
        )}
        {create}
      </PageHeader>
      <div className="flex min-h-0 flex-1">
        <main className="min-w-0 flex-1 overflow-y-auto">
          {projects.error && !projects.data ? (
            <Empty className="h-full" icon={<CircleAlert />} title={t('notLoaded')} text={describeError(projects.error)}>
              <Button onClick={() => void projects.refetch()}>{t('common:retry')}</Button>
            </Empty>
          ) : !projects.data ? (
            <TableSkeleton label={t('loading')} />
          ) : all.length === 0 ? (
            <FirstVisit onCreate={() => setCreating(true)} />
          ) : (
            <div className="mx-auto max-w-[1120px] px-6 py-6 max-sm:px-3 max-sm:py-4">
              <Waiting nameOf={(id) => all.find((project) => project.id === id)?.name} />
              <h2 className="mb-2 flex items-center gap-2 text-ui font-title">
                {t('all')} <CountBadge count={all.length} />
              </h2>
              {rows.length > 0 ? (
                <ProjectTable rows={rows} agentName={agentName} />
              ) : (
                <Empty icon={<Search />} title={t('noMatch', { query })} text={t('noMatchText')}>
                  <Button onClick={() => setFilter('')}>{t('clearFilter')}</Button>
                </Empty>
              )}
            </div>
          )}
        </main>
        {overview && all.length > 0 && <NowSidebar overview={overview} projects={all} agentName={agentName} />}
      </div>
      <NewProjectDialog
        open={creating}
        onOpenChange={setCreating}
        onCreated={(id) => void navigate({ to: '/p/$projectId', params: { projectId: id } })}
      />
    </AppFrame>
  )
}

function Waiting({ nameOf }: { nameOf(id: string): string | undefined }) {
  const { t } = useTranslation('home')
  const waiting = useWaitingForMe()
  const me = useMe()
  return (
    <>
      {waiting.length > 0 && (
        <section className="mb-8">
          <div className="mb-2 flex items-center gap-2">
            <h2 className="text-ui font-title">{t('waiting')}</h2>
            <CountBadge count={waiting.length} />
            <Link to="/approvals" className="ml-auto inline-flex min-h-(--h-control) items-center px-1 text-ui font-label text-fg-2 hover:text-fg">
              {t('allApprovals')}
            </Link>
          </div>
          <ul className="divide-y divide-line rounded-lg border border-line bg-raised">
            {waiting.slice(0, 5).map((approval) => (
              <WaitingRow key={approval.id} approval={approval} me={me.id} projectName={nameOf(approval.projectId)} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function FirstVisit({ onCreate }: { onCreate(): void }) {
  const { t } = useTranslation('home')
  return (
    <div className="flex min-h-full flex-col items-center justify-center gap-4 px-5 pb-24">
      <Empty icon={<Logo className="size-6" />} title={t('none')} text={t('noneText')} />
      <div className="grid w-full max-w-[480px] grid-cols-2 divide-x divide-line overflow-hidden rounded-lg border border-line bg-raised max-sm:grid-cols-1 max-sm:divide-x-0 max-sm:divide-y">
        <button type="button" onClick={onCreate} className="p-4 text-left -outline-offset-2 hover:bg-hover">
          <Plus size={16} className="mb-2 text-fg-3" aria-hidden />
          <span className="block text-ui font-title">{t('startEmpty')}</span>
          <span className="block text-ui text-fg-2">{t('startEmptyText')}</span>
        </button>
        <div className="p-4">
          <Search size={16} className="mb-2 text-fg-3" aria-hidden />
          <span className="block text-ui font-title">{t('joinTitle')}</span>
          <span className="block text-ui text-fg-2">{t('joinText')}</span>
        </div>
      </div>
    </div>
  )
}

/** As tall as the rows that come. */
const TableSkeleton = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="mx-auto max-w-[1120px] px-6 py-6 max-sm:px-3 max-sm:py-4">
    <div className="mb-3 h-4 w-24 rounded-sm bg-selected" />
    <div className="divide-y divide-line rounded-lg border border-line bg-raised">
      <div className="h-8" />
      {[62, 40, 54, 48].map((width) => (
        <div key={width} className="flex h-[57px] flex-col justify-center gap-2 px-4">
          <div className="pulse-loop h-3 max-w-60 rounded-sm bg-selected" style={{ width: `${width / 2}%` }} />
          <div className="pulse-loop h-2.5 max-w-80 rounded-sm bg-selected" style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  </div>
)
