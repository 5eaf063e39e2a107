import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import { retentionCalls } from '#shared/retention/api.ts'
import { type Retention, retentionBounds } from '#shared/retention/schema.ts'
import { useCall } from '../api/use-call.ts'
import { formatNumber } from '../i18n/format.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Select, TextField } from '../ui/field.tsx'

/** Null: for ever. */
type Days = number | null

const usual = [7, 30, 90, 365]
const isShorter = (one: Days, other: Days) => one !== null && (other === null || one < other)

/** Chooses how long history is kept. What is about to be removed is asked about first. */
export function HistoryForm({ projectId, retention }: { projectId: ProjectId; retention: Retention }) {
  const { t } = useTranslation('settings')
  const queries = useQueryClient()
  const id = useId()
  const { effectiveDays: holds, maxDays } = retention
  const [chosen, choose] = useState<string>()
  const [typed, type] = useState('')
  const [asking, ask] = useState(false)
  const most = Math.min(maxDays ?? retentionBounds.most, retentionBounds.most)
  const days = (count: number) => t('history.days', { count })
  const save = useCall(retentionCalls.setRetention, {
    onSuccess: (saved) => {
      queries.setQueryData(queryOf(retentionCalls.getRetention, { params: { id: projectId } }).queryKey, saved)
      ask(false)
      choose(undefined)
      type('')
      notify.success(t('saved'))
    },
  })

  const offered = [...new Set([...usual, ...(maxDays === null ? [] : [maxDays]), ...(holds === null ? [] : [holds])])]
  const options = [
    ...(maxDays === null ? [{ value: 'forever', label: t('history.forever') }] : []),
    ...offered
      .filter((count) => count <= most)
      .toSorted((a, b) => a - b)
      .map((count) => ({ value: String(count), label: days(count) })),
    { value: 'other', label: t('history.other') },
  ]
  const value = chosen ?? (holds === null ? 'forever' : String(holds))
  const wanted = value === 'forever' ? null : Number(value === 'other' ? typed.trim() || Number.NaN : value)
  const isNumber = wanted === null || Number.isInteger(wanted)
  const fits = wanted === null || (isNumber && wanted >= retentionBounds.least && wanted <= most)
  const problem = fits || typed.trim() === '' ? undefined : isNumber ? between() : t('history.notNumber')
  const isChanged = fits && wanted !== holds
  const failure = save.error ? describeError(save.error) : undefined

  function between(): string {
    return t('history.between', { least: formatNumber(retentionBounds.least), most: formatNumber(most) })
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isChanged || save.isPending) return
        save.reset()
        if (isShorter(wanted, holds)) ask(true)
        else save.mutate({ params: { id: projectId }, body: { days: wanted } })
      }}
    >
      <p id={`${id}-label`} className="mb-1 text-small text-fg-2" aria-hidden>
        {t('history.keepFor')}
      </p>
      <div className="flex flex-wrap items-start gap-2">
        <Select
          label={t('history.keepFor')}
          className="h-(--h-control-lg)!"
          value={value}
          options={options}
          disabled={save.isPending}
          aria-describedby={`${id}-note`}
          onChange={(next) => {
            save.reset()
            choose(next)
          }}
        />
        {value === 'other' && (
          <TextField
            className="w-44"
            label={t('history.number')}
            hideLabel
            placeholder={t('history.number')}
            inputMode="numeric"
            autoComplete="off"
            autoFocus
            value={typed}
            hint={between()}
            error={problem}
            disabled={save.isPending}
            onChange={(event) => type(event.target.value)}
          />
        )}
        <Button type="submit" size="large" busy={save.isPending && !asking} disabled={!isChanged}>
          {t('save')}
        </Button>
      </div>
      <p id={`${id}-note`} className="mt-1 text-small text-fg-3 empty:hidden">
        {noteOf(retention, t, days)}
      </p>
      {failure && !asking && (
        <p role="alert" className="mt-2 text-ui text-danger">
          {failure}
        </p>
      )}
      {asking && wanted !== null && (
        <ConfirmDialog
          open
          onOpenChange={() => ask(false)}
          title={t('history.confirmTitle', { days: days(wanted) })}
          text={t('history.confirmText')}
          action={t('history.confirm')}
          busy={save.isPending}
          error={failure}
          onConfirm={() => save.mutate({ params: { id: projectId }, body: { days: wanted } })}
        />
      )}
    </form>
  )
}

type Says = ReturnType<typeof useTranslation<'settings'>>['t']

/** Why it may be shorter than what was chosen. */
function noteOf({ days: chosen, maxDays }: Retention, t: Says, days: (count: number) => string): string {
  if (maxDays === null) return ''
  if (chosen !== null && chosen > maxDays) return t('history.lowered', { chosen: days(chosen), days: days(maxDays) })
  return t('history.most', { days: days(maxDays) })
}
