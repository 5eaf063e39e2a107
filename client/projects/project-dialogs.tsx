import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { ProjectName, type Project } from '#shared/projects/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useMe } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'

type Props = { project: Project; open: boolean; onOpenChange(open: boolean): void; onDone?: (() => void) | undefined }

const invalidates = [projectCalls.listProjects, projectCalls.overview, projectCalls.getProject]

/** The field and button that rename a project, in a dialog or on a page. */
export function RenameForm({ project, onDone }: { project: Project; onDone?: (() => void) | undefined }) {
  const { t } = useTranslation('home')
  const [name, setName] = useState(project.name)
  const rename = useCall(projectCalls.updateProject, { invalidates })
  const parsed = ProjectName.safeParse(name)
  return (
    <form
      noValidate
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.success) rename.mutate({ params: { id: project.id }, body: { name: parsed.data } }, { onSuccess: onDone })
      }}
    >
      <TextField
        label={t('name')}
        hideLabel
        className="min-w-0 flex-1"
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        error={!parsed.success ? t('nameWrong') : rename.error ? describeError(rename.error) : undefined}
      />
      <Button type="submit" look="primary" size="large" busy={rename.isPending} disabled={!parsed.success || parsed.data === project.name}>
        {t('save')}
      </Button>
    </form>
  )
}

export function RenameDialog({ project, open, onOpenChange }: Props) {
  const { t } = useTranslation('home')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('renameTitle')}>
      <RenameForm project={project} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

/** Deleting takes everything from everyone: the name is typed first. */
export function DeleteDialog({ project, open, onOpenChange, onDone }: Props) {
  const { t } = useTranslation('home')
  const [typed, setTyped] = useState('')
  const remove = useCall(projectCalls.deleteProject, {
    invalidates,
    onSuccess: () => {
      onOpenChange(false)
      onDone?.()
    },
  })
  const same = typed.trim() === project.name.trim()
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        setTyped('')
        onOpenChange(next)
      }}
      title={t('deleteTitle', { name: project.name })}
      text={t('deleteText')}
      action={t('delete')}
      busy={remove.isPending}
      disabled={!same}
      error={remove.error ? describeError(remove.error) : undefined}
      onConfirm={() => remove.mutate({ params: { id: project.id } })}
    >
      <TextField
        label={t('typeName')}
        hint={project.name}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={typed !== '' && !project.name.startsWith(typed.trim()) ? t('typeNameWrong') : undefined}
      />
    </ConfirmDialog>
  )
}

export function LeaveDialog({ project, open, onOpenChange, onDone }: Props) {
  const { t } = useTranslation('home')
  const me = useMe()
  const leave = useCall(projectCalls.removeMember, {
    invalidates,
    onSuccess: () => {
      onOpenChange(false)
      onDone?.()
    },
  })
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('leaveTitle', { name: project.name })}
      text={t('leaveText')}
      action={t('leave')}
      busy={leave.isPending}
      error={leave.error ? describeError(leave.error) : undefined}
      onConfirm={() => leave.mutate({ params: { id: project.id, userId: me.id } })}
    />
  )
}
