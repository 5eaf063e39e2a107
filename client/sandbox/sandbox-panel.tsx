import { useState } from 'react'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { readSandbox, readUsage } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { sandboxCalls } from '#shared/sandboxes/api.ts'
import { useCall } from '../api/use-call.ts'
import { useDocument, useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { SettingsSection } from '../ui/settings-section.tsx'
import { LimitsForm } from './limits-form.tsx'
import { UsageView } from './usage-view.tsx'

const metaMap = (doc: Y.Doc) => doc.getMap('meta')

type Asking = 'stop' | 'restart' | 'delete' | undefined

/** The sandbox of a project: its state, what it uses, its limits, and its end. For the project's settings. */
export function SandboxPanel({ projectId, projectName, role }: { projectId: ProjectId; projectName: string; role: Role }) {
  const { t } = useTranslation('sandbox')
  const { doc } = useDocument({ kind: 'project', projectId })
  const state = useDocValue(doc, readSandbox, metaMap)
  const usage = useDocValue(doc, readUsage, metaMap)
  const [asking, setAsking] = useState<Asking>()
  const [confirmed, setConfirmed] = useState('')
  const given = { params: { id: projectId } }
  const done = {
    failed: t('failed'),
    onSuccess: () => {
      setAsking(undefined)
      setConfirmed('')
    },
  }
  const start = useCall(sandboxCalls.startSandbox, done)
  const pause = useCall(sandboxCalls.pauseSandbox, done)
  const stop = useCall(sandboxCalls.killSandbox, done)
  const restart = useCall(sandboxCalls.restartSandbox, done)
  const remove = useCall(sandboxCalls.deleteSandbox, done)
  if (!state) return null
  const mayControl = can(role, 'sandbox.control')
  const mayConfigure = can(role, 'sandbox.configure')
  const usable = state.status !== 'off' && state.isolation !== 'unavailable'
  const runs = state.status === 'running'
  return (
    <>
      <SettingsSection title={t('title')} text={t('text')}>
        <p role="status" className="mb-3 text-ui">
          <strong className="font-label">{t(`status.${state.status}`)}</strong>
          <span className={state.isolation === 'none' ? 'text-danger' : 'text-fg-2'}> · {t(`isolation.${state.isolation}`)}</span>
          {state.detail && <span className="text-fg-2"> · {serverText(state.detail)}</span>}
        </p>
        <UsageView usage={runs ? usage : undefined} />
        {mayControl && usable && (
          <div className="mt-4 flex flex-wrap gap-2">
            {runs ? (
              <>
                <Button busy={pause.isPending} onClick={() => pause.mutate(given)}>
                  {t('pause')}
                </Button>
                <Button onClick={() => setAsking('stop')}>{t('stop')}</Button>
              </>
            ) : state.status === 'waiting' ? (
              <Button busy={stop.isPending} onClick={() => stop.mutate(given)}>
                {t('giveUp')}
              </Button>
            ) : (
              <Button busy={state.status === 'starting'} onClick={() => start.mutate(given)}>
                {t('start')}
              </Button>
            )}
            <Button onClick={() => setAsking('restart')}>{t('restart')}</Button>
          </div>
        )}
      </SettingsSection>
      {usable && (
        <SettingsSection title={t('limits')} text={t('limitsText')}>
          <LimitsForm projectId={projectId} mayChange={mayConfigure} />
        </SettingsSection>
      )}
      {mayConfigure && usable && (
        <SettingsSection title={t('delete')} text={t('deleteText')}>
          <Button look="destructive" onClick={() => setAsking('delete')}>
            {t('delete')}
          </Button>
        </SettingsSection>
      )}
      {(asking === 'stop' || asking === 'restart') && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsking(undefined)}
          title={t(`${asking}Title`)}
          text={t(`${asking}Text`)}
          action={t(asking)}
          busy={stop.isPending || restart.isPending}
          onConfirm={() => (asking === 'stop' ? stop : restart).mutate(given)}
        />
      )}
      {asking === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={() => {
            setAsking(undefined)
            setConfirmed('')
          }}
          title={t('deleteTitle')}
          text={t('deleteText')}
          action={t('delete')}
          busy={remove.isPending}
          disabled={confirmed !== projectName}
          onConfirm={() => remove.mutate({ ...given, body: { confirm: confirmed } })}
        >
          <TextField
            className="mt-3"
            label={t('deleteConfirm', { name: projectName })}
            autoComplete="off"
            value={confirmed}
            onChange={(event) => setConfirmed(event.target.value)}
          />
        </ConfirmDialog>
      )}
    </>
  )
}
