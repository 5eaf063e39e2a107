import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { projectCalls } from '#shared/projects/api.ts'
import type { Project } from '#shared/projects/schema.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'

/** Whether viewers may write to people. Owners change it, others read it. */
export function ViewersWrite({ project, manage }: { project: Project; manage: boolean }) {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  /** Shown from the click on: what the server has follows. */
  const [chosen, choose] = useState<boolean>()
  const change = useMutation({
    mutationFn: (viewersMayWrite: boolean) => call(projectCalls.updateProject, { params: { id: project.id }, body: { viewersMayWrite } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [projectCalls.getProject.name] }),
    onError: (error) => {
      notify.error(t('members.notChanged'), { description: describeError(error) })
    },
    onSettled: () => choose(undefined),
  })
  if (!manage) return <p className="text-ui text-fg-2">{project.viewersMayWrite ? t('viewers.may') : t('viewers.mayNot')}</p>
  return (
    <label className="flex min-h-(--h-control) w-fit items-start gap-2.5 text-ui">
      <input
        type="checkbox"
        checked={chosen ?? project.viewersMayWrite}
        disabled={change.isPending}
        onChange={({ target }) => {
          choose(target.checked)
          change.mutate(target.checked)
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
