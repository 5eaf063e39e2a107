import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ProjectName } from '#shared/projects/schema.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { useCreateProject } from './use-projects.ts'

type Props = { open: boolean; onOpenChange(open: boolean): void; onCreated(id: ProjectId): void }

export function NewProjectDialog({ open, onOpenChange, onCreated }: Props) {
  const { t } = useTranslation('home')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('newProject')} description={t('dialogText')}>
      <Form
        onCreated={(id) => {
          onOpenChange(false)
          onCreated(id)
        }}
        onCancel={() => onOpenChange(false)}
      />
    </Dialog>
  )
}

function Form({ onCreated, onCancel }: { onCreated(id: ProjectId): void; onCancel(): void }) {
  const { t } = useTranslation('home', 'common')
  // Made once, so that sending the form again after a lost answer creates nothing twice.
  const [id] = useState(() => newId<ProjectId>('prj'))
  const form = useForm({ defaultValues: { name: '' } })
  const create = useCreateProject()
  const submit = form.handleSubmit(({ name }) => {
    const parsed = ProjectName.safeParse(name)
    if (parsed.success) create.mutate({ body: { id, name: parsed.data } }, { onSuccess: (project) => onCreated(project.id) })
    else form.setError('name', { message: t('nameWrong') })
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t('name')}
        placeholder={t('namePlaceholder')}
        autoComplete="off"
        autoFocus
        error={form.formState.errors.name?.message ?? (create.error ? describeError(create.error) : undefined)}
        {...form.register('name')}
      />
      <div className="mt-5 flex justify-end gap-2">
        <Button look="ghost" onClick={onCancel}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          {t('create')}
        </Button>
      </div>
    </form>
  )
}
