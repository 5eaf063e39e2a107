import { useTranslation } from '../i18n/use-translation.ts'
import type { Permission } from '#shared/approvals/schema.ts'
import type { AgentProfile, AgentTool } from '#shared/profiles/schema.ts'
import { formatNames, formatNumber } from '../i18n/format.ts'
import { useOfferedModels } from '../api/offered-models.ts'
import { Badge } from '../ui/badge.tsx'
import { AgentMark } from '../ui/marks.tsx'

const tones = { allow: 'outline', ask: 'warn', deny: 'danger' } as const satisfies Record<Permission, string>

/** About four characters a token in English: an estimate, and said to be one. */
const charactersPerToken = 4

/** Models that are named; of more, their number is enough. */
const mostNamed = 8

/** One agent: what it is told, what it can do and when it asks, how far a run goes. */
export function AgentView({ agent }: { agent: AgentProfile }) {
  const { t } = useTranslation('agents')
  const { setup } = agent
  return (
    <article aria-labelledby={`agent-${agent.id}`}>
      <header className="flex items-center gap-4 border-b border-line px-6 py-4 max-sm:px-4">
        <span className="scale-125">
          <AgentMark id={agent.id} size="large" />
        </span>
        <div className="min-w-0">
          <h2 id={`agent-${agent.id}`} className="text-page font-title">
            {agent.name}
          </h2>
          <p className="text-ui text-fg-2">{t('managed')}</p>
        </div>
      </header>
      {!setup ? (
        <p className="px-6 py-5 text-ui text-fg-2">{t('perRun')}</p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] max-lg:grid-cols-1">
          <div className="px-6 py-5 max-sm:px-4 lg:border-r lg:border-line">
            <Label>{t('model')}</Label>
            <p className="flex min-h-(--h-control-lg) flex-wrap items-center gap-x-2 rounded-md border border-line bg-raised px-2.5 text-ui">
              <span className="min-w-0 break-all">{setup.model}</span>
              <span className="text-fg-2">{t('context', { value: formatNumber(setup.contextWindow) })}</span>
            </p>
            <Choice id={setup.model} />
            <Label>{t('prompt')}</Label>
            {setup.prompt === null ? (
              <p className="text-ui text-fg-2">{t('promptPerRun')}</p>
            ) : (
              <>
                <div
                  role="group"
                  aria-label={t('prompt')}
                  tabIndex={0}
                  className="max-h-[480px] overflow-y-auto rounded-md border border-line bg-raised px-3 py-2.5 text-ui break-words whitespace-pre-wrap"
                >
                  {setup.prompt}
                </div>
                <p className="mt-1 text-small text-fg-2">
                  {t('words', {
                    words: formatNumber(setup.prompt.split(/\s+/).filter(Boolean).length),
                    tokens: formatNumber(Math.round(setup.prompt.length / charactersPerToken)),
                  })}
                </p>
              </>
            )}
          </div>
          <div className="px-6 py-5 max-sm:px-4">
            <Label>{t('tools')}</Label>
            <ul aria-label={t('tools')} className="divide-y divide-line rounded-lg border border-line bg-raised">
              {setup.tools.map((tool) => (
                <Tool key={tool.name} tool={tool} />
              ))}
            </ul>
            <p className="mt-1.5 text-small text-fg-2">{t('toolsHint')}</p>
            <h3 className="mt-6 mb-1.5 text-small text-fg-2">{t('limits')}</h3>
            <dl className="grid grid-cols-2 gap-2">
              <Limit label={t('turns')} value={formatNumber(setup.maxTurns)} />
              <Limit label={t('contextWindow')} value={t('tokensOf', { value: formatNumber(setup.contextWindow) })} />
            </dl>
          </div>
        </div>
      )}
    </article>
  )
}

/** Which other models people may choose, or why that is not known. */
function Choice({ id }: { id: string }) {
  const { t } = useTranslation('agents')
  const offered = useOfferedModels()
  const others = offered?.models.filter((model) => model.id !== id).map(({ name }) => name) ?? []
  const count = others.length
  return (
    <div className="mt-1 mb-5 flex flex-col gap-1 text-small text-fg-2 empty:mb-4">
      {count > 0 && (
        <p className="break-words">{count > mostNamed ? t('manyModels', { count }) : t('otherModels', { count, names: formatNames(others) })}</p>
      )}
      {offered?.problem && <p className="break-words">{t('modelsNotListed', { problem: offered.problem })}</p>}
    </div>
  )
}

const Label = ({ children }: { children: string }) => <h3 className="mb-1.5 text-small text-fg-2">{children}</h3>

function Tool({ tool }: { tool: AgentTool }) {
  const { t } = useTranslation('agents')
  return (
    <li className="flex items-start gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-code-s break-words">{tool.name}</p>
        <p className="line-clamp-2 text-small text-fg-2">{tool.description}</p>
      </div>
      <Badge tone={tones[tool.permission]}>{t(`permission.${tool.permission}`)}</Badge>
    </li>
  )
}

const Limit = ({ label, value }: { label: string; value: string }) => (
  <div className="rounded-md border border-line bg-raised px-2.5 py-1.5">
    <dt className="text-small text-fg-2">{label}</dt>
    <dd className="text-ui tabular-nums">{value}</dd>
  </div>
)
