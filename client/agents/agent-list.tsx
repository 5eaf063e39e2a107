import { Link } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import type { AgentId } from '#shared/base/ids.ts'
import type { AgentProfile, AgentTool } from '#shared/profiles/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark } from '../ui/marks.tsx'

const colours = { allow: 'bg-fg-3', ask: 'bg-warn', deny: 'bg-line-strong' } as const
const kinds = ['allow', 'ask', 'deny'] as const

const countOf = (tools: readonly AgentTool[]) => ({
  allow: tools.filter(({ permission }) => permission === 'allow').length,
  ask: tools.filter(({ permission }) => permission === 'ask').length,
  deny: tools.filter(({ permission }) => permission === 'deny').length,
})

/** The agents of the workspace, each with what it may do at a glance. */
export function AgentList({ agents, current }: { agents: readonly AgentProfile[]; current: AgentId | undefined }) {
  const { t } = useTranslation('agents')
  return (
    <ul aria-label={t('list')} className="flex flex-col gap-1 p-3">
      {agents.map((agent, at) => {
        const counts = agent.setup && countOf(agent.setup.tools)
        return (
          <li key={agent.id}>
            <Link
              to="/agents"
              search={{ agent: agent.id }}
              aria-current={agent.id === current ? 'page' : undefined}
              className={cx(
                'flex gap-3 rounded-lg border p-3 transition-colors duration-(--d-hover)',
                agent.id === current ? 'border-line-strong bg-raised' : 'border-transparent hover:bg-hover',
              )}
            >
              <AgentMark id={agent.id} size="large" />
              <span className="min-w-0 flex-1">
                <span className="flex items-center gap-2">
                  <span className="flex-1 truncate text-ui font-title">{agent.name}</span>
                  {at === 0 && <Badge>{t('default')}</Badge>}
                </span>
                <span className="mt-0.5 block text-ui text-fg-2">{agent.description}</span>
                <span className="mt-2 flex items-center gap-2 text-small text-fg-2">
                  {counts && (
                    <span aria-hidden className="flex h-1 w-14 gap-0.5">
                      {kinds.map(
                        (kind) =>
                          counts[kind] > 0 && <span key={kind} className={cx('rounded-full', colours[kind])} style={{ flex: counts[kind] }} />,
                      )}
                    </span>
                  )}
                  {counts ? t('counts', counts) : t('perRun')}
                </span>
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
