import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { useCall } from '../api/use-call.ts'
import { formatDateTime } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'

/** What runs in a project without being asked for, and taking that back. */
export function RulesList({ projectId, manage }: { projectId: ProjectId; manage: boolean }) {
  const { t } = useTranslation('approvals')
  const query = queryOf(approvalCalls.listRules, { params: { id: projectId } })
  const rules = useQuery({ ...query, staleTime: 0 })
  const revoke = useCall(approvalCalls.revokeRule, { invalidates: [query.queryKey], failed: t('rules.notRevoked') })
  if (rules.error && !rules.data) {
    return (
      <p role="alert" className="text-ui text-danger">
        {describeError(rules.error)}
      </p>
    )
  }
  if (!rules.data) return <Skeleton label={t('rules.loading')} lines={2} className="px-0!" />
  if (rules.data.rules.length === 0) return <p className="text-ui text-fg-2">{t('rules.none')}</p>
  return (
    <ul aria-label={t('rules.title')} className="divide-y divide-line rounded-lg border border-line bg-raised">
      {rules.data.rules.map((rule) => (
        <li key={rule.id} className="flex min-h-12 flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-1.5">
          <ShieldCheck size={15} className="shrink-0 text-fg-3" aria-hidden />
          <div className="min-w-32 flex-1">
            <p className="truncate font-mono text-code-s">{rule.tool}</p>
            <p className="text-small text-fg-3">
              {t('rules.by', { name: rule.createdBy.name, time: formatDateTime(rule.createdAt) })}
              {rule.maxRisk && `, ${t(`rules.upTo.${rule.maxRisk}`)}`}
            </p>
          </div>
          {manage && (
            <Button
              look="ghost"
              aria-label={t('rules.revokeOf', { tool: rule.tool })}
              busy={revoke.isPending && revoke.variables.params.ruleId === rule.id}
              onClick={() => revoke.mutate({ params: { id: projectId, ruleId: rule.id } })}
            >
              {t('rules.revoke')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
