import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { projectCalls } from '#shared/projects/api.ts'
import type { Project } from '#shared/projects/schema.ts'
import { useCall } from '../api/use-call.ts'

/** Whether viewers may write to people. Owners change it, others read it. */
export function ViewersWrite({ project, manage }: { project: Project; manage: boolean }) {
  const { t } = useTranslation('settings')
  /** Shown from the click on: what the server has follows. */
  const [chosen, choose] = useState<boolean>()
  const change = useCall(projectCalls.updateProject, { invalidates: [projectCalls.getProject], failed: t('members.notChanged') })
  if (!manage) return <p className="text-ui text-fg-2">{project.viewersMayWrite ? t('viewers.may') : t('viewers.mayNot')}</p>
  return (
    <label className="flex min-h-(--h-control) w-fit items-start gap-2.5 text-ui">
      <input
        type="checkbox"
        checked={chosen ?? project.viewersMayWrite}
        disabled={change.isPending}
        onChange={({ target }) => {
          choose(target.checked)
          change.mutate({ params: { id: project.id }, body: { viewersMayWrite: target.checked } }, { onSettled: () => choose(undefined) })
        }}
        aria-describedby="viewers-write-note"
        className="mt-0.5 size-4 accent-(--accent) pointer-coarse:size-6"
      />
      <span>
        {t('viewers.allow')}
        <span id="viewers-write-note" className="block text-small text-fg-3">
          {t('viewers.note')}
        </span>
      </span>
    </label>
  )
}
