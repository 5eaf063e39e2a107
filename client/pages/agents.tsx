import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Bot, CircleAlert } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { profileCalls } from '#shared/profiles/api.ts'
import { AgentList } from '../agents/agent-list.tsx'
import { AgentView } from '../agents/agent-view.tsx'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { AppFrame } from './app-frame.tsx'
import { PageHeader } from './page-header.tsx'

/** Who works here beside people: what each agent is told and may do. */
export function AgentsPage() {
  const { t } = useTranslation('agents', 'common')
  const chosen = useSearch({ from: '/signed-in/agents' }).agent
  const { data, error, refetch } = useQuery(queryOf(profileCalls.listAgents, {}))
  const shown = data?.agents.find(({ id }) => id === chosen) ?? data?.agents[0]
  return (
    <AppFrame>
      <PageHeader title={t('title')} />
      {error && !data ? (
        <main className="flex-1">
          <Empty className="h-full" icon={<CircleAlert />} title={t('notLoaded')} text={describeError(error)}>
            <Button onClick={() => void refetch()}>{t('common:retry')}</Button>
          </Empty>
        </main>
      ) : data && !shown ? (
        <main className="flex-1">
          <Empty className="h-full pb-24" icon={<Bot />} title={t('none')} text={t('noneText')} />
        </main>
      ) : (
        <div className="flex min-h-0 flex-1 overflow-y-auto max-md:flex-col">
          <div className="w-[296px] shrink-0 overflow-y-auto md:border-r md:border-line max-md:w-full max-md:overflow-visible max-md:border-b max-md:border-line">
            {data ? <AgentList agents={data.agents} current={shown?.id} /> : <Skeleton label={t('loading')} />}
          </div>
          <main className="min-w-0 flex-1 overflow-y-auto max-md:overflow-visible">
            {shown ? <AgentView agent={shown} /> : <Skeleton label={t('loading')} lines={4} />}
          </main>
        </div>
      )}
    </AppFrame>
  )
}
