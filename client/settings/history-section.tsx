import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import { retentionCalls } from '#shared/retention/api.ts'
import type { Retention } from '#shared/retention/schema.ts'
import { formatBytes, formatDateTime } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { SettingsSection } from '../ui/settings-section.tsx'
import { HistoryForm } from './history-form.tsx'

/** What is removed goes within minutes: what is kept is looked at again meanwhile. */
const lookAgainMs = 30_000

/** How long the history of a project is kept. Owners change it, others read it. */
export function HistorySection({ projectId, mayChange }: { projectId: ProjectId; mayChange: boolean }) {
  const { t } = useTranslation('settings', 'common')
  const found = useQuery({ ...queryOf(retentionCalls.getRetention, { params: { id: projectId } }), refetchInterval: lookAgainMs })
  return (
    <SettingsSection title={t('history.title')} text={t('history.text')}>
      {found.data ? (
        <History projectId={projectId} retention={found.data} mayChange={mayChange} />
      ) : found.error ? (
        <div role="alert">
          <p className="mb-2 text-ui text-danger">{describeError(found.error)}</p>
          <Button busy={found.isFetching} onClick={() => void found.refetch()}>
            {t('common:retry')}
          </Button>
        </div>
      ) : (
        <Skeleton label={t('loading')} className="px-0!" />
      )}
    </SettingsSection>
  )
}

function History({ projectId, retention, mayChange }: { projectId: ProjectId; retention: Retention; mayChange: boolean }) {
  const { t } = useTranslation('settings')
  const { effectiveDays, cleanedAt, kept } = retention
  return (
    <>
      {mayChange ? (
        <HistoryForm projectId={projectId} retention={retention} />
      ) : (
        <p className="text-ui">
          {effectiveDays === null ? t('history.readOnlyForever') : t('history.readOnly', { days: t('history.days', { count: effectiveDays }) })}{' '}
          <span className="text-fg-2">{t('project.ownersOnly')}</span>
        </p>
      )}
      <div className="mt-4 grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <What title={t('history.goes')}>
          <li>{t('history.goesList.states')}</li>
          <li>{t('history.goesList.output')}</li>
        </What>
        <What title={t('history.stays')}>
          <li>{t('history.staysList.now')}</li>
          <li>{t('history.staysList.record')}</li>
        </What>
      </div>
      <p role="status" className="mt-4 text-small text-fg-3">
        {t('history.kept', { states: formatBytes(kept.statesBytes), output: formatBytes(kept.outputBytes) })}
        {effectiveDays !== null && ` · ${cleanedAt === null ? t('history.notCleaned') : t('history.cleaned', { time: formatDateTime(cleanedAt) })}`}
      </p>
    </>
  )
}

const What = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <h3 className="mb-1 text-small text-fg-2">{title}</h3>
    <ul className="flex list-disc flex-col gap-1 pl-4 text-ui marker:text-fg-3">{children}</ul>
  </div>
)
