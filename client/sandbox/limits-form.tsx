import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sandboxCalls } from '#shared/sandboxes/api.ts'
import { limitBounds, SandboxLimits } from '#shared/sandboxes/schema.ts'
import { useCall } from '../api/use-call.ts'
import { call } from '../api/api.ts'
import { formatNumber } from '../i18n/format.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

const mib = 1024 * 1024
/** In the units that people write them in. */
const fields = [
  { name: 'cpus', says: 'limitCpus', unit: 1 },
  { name: 'memoryBytes', says: 'limitMemory', unit: mib },
  { name: 'diskBytes', says: 'limitDisk', unit: mib },
  { name: 'processes', says: 'limitProcesses', unit: 1 },
  { name: 'idleMinutes', says: 'limitIdle', unit: 1 },
] as const

const keyOf = (projectId: ProjectId) => ['sandbox-limits', projectId]

/** What the sandbox may use. Owners change it, others read it. */
export function LimitsForm({ projectId, mayChange }: { projectId: ProjectId; mayChange: boolean }) {
  const { t } = useTranslation('sandbox')
  const queries = useQueryClient()
  const [typed, setTyped] = useState<Partial<Record<keyof SandboxLimits, string>>>({})
  const limits = useQuery({ queryKey: keyOf(projectId), queryFn: () => call(sandboxCalls.getSandboxLimits, { params: { id: projectId } }) })
  const save = useCall(sandboxCalls.setSandboxLimits, {
    onSuccess: (saved) => {
      queries.setQueryData(keyOf(projectId), saved)
      setTyped({})
      notify.success(t('saved'))
    },
  })
  if (!limits.data) return limits.error ? <p role="alert">{describeError(limits.error)}</p> : null
  const current = limits.data
  const mostOf = (name: keyof SandboxLimits) => (name === 'idleMinutes' ? limitBounds.idleMinutes.most : current.ceilings[name])
  const valueOf = (name: keyof SandboxLimits, unit: number) => typed[name] ?? String(Math.round((current[name] / unit) * 100) / 100)
  if (!mayChange) {
    return (
      <dl className="grid max-w-[420px] grid-cols-[1fr_max-content] gap-x-4 gap-y-2 text-ui">
        {fields.map(({ name, says, unit }) => (
          <Fragment key={name}>
            <dt className="text-fg-2">{t(says)}</dt>
            <dd className="text-right tabular-nums">
              <span>{formatNumber(current[name] / unit)}</span>{' '}
              <span className="text-fg-3">{t('ofMost', { most: formatNumber(mostOf(name) / unit) })}</span>
            </dd>
          </Fragment>
        ))}
      </dl>
    )
  }
  const wanted: Partial<SandboxLimits> = {}
  const wrong = new Map<string, string>()
  for (const { name, unit } of fields) {
    const text = typed[name]
    if (text === undefined) continue
    const parsed = SandboxLimits.shape[name].safeParse(text.trim() === '' ? Number.NaN : Math.round(Number(text) * unit * 100) / 100)
    const { least } = limitBounds[name]
    const most = mostOf(name)
    if (parsed.success && parsed.data <= most) wanted[name] = parsed.data
    else if (Number.isNaN(Number(text)) || text.trim() === '') wrong.set(name, t('notNumber'))
    else wrong.set(name, t('between', { least: formatNumber(least / unit), most: formatNumber(most / unit) }))
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (wrong.size === 0 && Object.keys(wanted).length > 0) save.mutate({ params: { id: projectId }, body: wanted })
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map(({ name, says, unit }) => (
          <TextField
            key={name}
            label={t(says)}
            inputMode="decimal"
            autoComplete="off"
            value={valueOf(name, unit)}
            hint={t('ofMost', { most: formatNumber(mostOf(name) / unit) })}
            error={wrong.get(name)}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        ))}
      </div>
      {save.error && (
        <p role="alert" className="mt-2 text-ui text-danger">
          {describeError(save.error)}
        </p>
      )}
      <Button type="submit" className="mt-4" busy={save.isPending} disabled={wrong.size > 0 || Object.keys(wanted).length === 0}>
        {t('save')}
      </Button>
    </form>
  )
}
