import { Link } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import type { AgentId } from '#shared/base/ids.ts'
import type { Overview } from '#shared/projects/overview.ts'
import type { Project } from '#shared/projects/schema.ts'
import { formatCount } from '../i18n/format.ts'
import { useHues } from '../theme/hues.tsx'
import { useMe } from '../api/me.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'

type Props = { overview: Overview; projects: readonly Project[]; agentName(id: AgentId): string }

/** Beside the projects: who is in a room now, which agents work, what was used. */
export function NowSidebar({ overview, projects, agentName }: Props) {
  const { t } = useTranslation('home')
  const hueOf = useHues()
  const me = useMe()
  const nameOf = (id: string) => projects.find((project) => project.id === id)?.name ?? ''
  const people = overview.projects.flatMap(({ id, here }) => here.filter((one) => one.id !== me.id).map((person) => ({ person, projectId: id })))
  const agents = overview.projects.flatMap(({ id, agents: busy }) => busy.map((agent) => ({ agent, projectId: id })))
  const most = overview.spend[0]?.tokens ?? 0
  const total = overview.spend.reduce((sum, { tokens }) => sum + tokens, 0)
  return (
    <aside aria-label={t('sidebar')} className="w-[284px] shrink-0 overflow-y-auto border-l border-line px-5 py-7 max-xl:hidden">
      <h2 className="mb-3 text-ui font-title">{t('inRooms')}</h2>
      {people.length === 0 && <p className="text-small text-fg-3">{t('inRoomsNone')}</p>}
      <ul className="flex flex-col gap-1">
        {people.slice(0, 12).map(({ person, projectId }) => (
          <li key={`${person.id} ${projectId}`}>
            <Link
              to="/p/$projectId"
              params={{ projectId: projectId }}
              className="-mx-2 flex items-center gap-2.5 rounded-md px-2 py-1 hover:bg-hover"
            >
              <PersonMark name={person.name} colour={hueOf(person.id)} size="large" />
              <span className="min-w-0">
                <span className="block truncate text-ui font-label">{person.name}</span>
                <span className="block truncate text-small text-fg-2">{nameOf(projectId)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <h2 className="mt-8 mb-3 text-ui font-title">{t('agents')}</h2>
      {agents.length === 0 && <p className="text-small text-fg-3">{t('agentsNone')}</p>}
      <ul className="flex flex-col gap-1">
        {agents.slice(0, 8).map(({ agent, projectId }) => (
          <li key={agent.session.id}>
            <Link
              to="/p/$projectId/s/$sessionId"
              params={{ projectId, sessionId: agent.session.id }}
              className="-mx-2 flex items-center gap-2.5 rounded-md px-2 py-1 hover:bg-hover"
            >
              <AgentMark
                id={agent.id}
                size="large"
                state={agent.status === 'waiting' ? 'waiting' : agent.status === 'paused' ? 'ready' : 'working'}
              />
              <span className="min-w-0">
                <span className="block truncate text-ui font-label">{agentName(agent.id)}</span>
                <span className="block truncate text-small text-fg-2">
                  {t(`state.${agent.status}`)} · {agent.session.title}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <h2 className="mt-8 mb-3 text-ui font-title">{t('spend')}</h2>
      {total === 0 ? (
        <p className="text-small text-fg-3">{t('spendNone')}</p>
      ) : (
        <>
          <p className="text-ui font-title tabular-nums">{t('tokens', { value: formatCount(total) })}</p>
          <ul className="mt-2 flex flex-col gap-2">
            {overview.spend.slice(0, 6).map(({ agentId, tokens }) => (
              <li key={agentId}>
                <span className="flex items-center gap-2 text-ui text-fg-2">
                  <AgentMark id={agentId} size="small" />
                  <span className="min-w-0 flex-1 truncate">{agentName(agentId)}</span>
                  <span className="tabular-nums">{formatCount(tokens)}</span>
                </span>
                <span aria-hidden className="mt-1 block h-[3px] rounded-full bg-selected">
                  <span className="block h-full rounded-full bg-ink" style={{ width: `${Math.round((tokens / most) * 100)}%` }} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  )
}
