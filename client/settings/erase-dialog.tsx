import { useState } from 'react'
import { peopleCalls } from '#shared/people/api.ts'
import type { Account } from '#shared/people/schema.ts'
import { useCall } from '../api/use-call.ts'
import { describeError } from '../api/describe-error.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Select, TextField } from '../ui/field.tsx'

const choices = ['refuse', 'owner', 'delete'] as const
type Choice = (typeof choices)[number]

/** Nothing brings a person's data back: the address is typed first, and what becomes of projects that only they own is chosen. */
export function EraseDialog({ person, onClose, onDone }: { person: Account; onClose(): void; onDone(): unknown }) {
  const { t } = useTranslation('settings')
  const [typed, setTyped] = useState('')
  const [choice, setChoice] = useState<Choice>('refuse')
  const [owner, setOwner] = useState('')
  const erase = useCall(peopleCalls.erasePerson, {
    onSuccess: async () => {
      onClose()
      await onDone()
    },
  })
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('people.eraseTitle', { name: person.name })}
      text={t('people.eraseText')}
      action={t('people.do.erase')}
      busy={erase.isPending}
      disabled={typed.trim().toLowerCase() !== person.email || (choice === 'owner' && owner.trim() === '')}
      error={erase.error ? describeError(erase.error) : undefined}
      onConfirm={() =>
        erase.mutate({
          params: { userId: person.id },
          body: { withProjects: choice === 'delete', ...(choice === 'owner' && { owner: owner.trim() }) },
        })
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <p className="mb-1 text-small text-fg-2" aria-hidden>
            {t('people.alone')}
          </p>
          <Select<Choice>
            label={t('people.alone')}
            value={choice}
            onChange={setChoice}
            options={choices.map((value) => ({ value, label: t(`people.aloneChoice.${value}`) }))}
          />
        </div>
        {choice === 'owner' && (
          <TextField
            label={t('people.owner')}
            hint={t('people.ownerHint')}
            type="email"
            autoComplete="off"
            value={owner}
            onChange={(event) => setOwner(event.target.value)}
          />
        )}
        <TextField
          label={t('people.typeEmail')}
          hint={person.email}
          autoComplete="off"
          autoCapitalize="none"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  )
}
