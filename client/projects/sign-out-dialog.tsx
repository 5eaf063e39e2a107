import { useTranslation } from '../i18n/use-translation.ts'
import { signOutAsked, useUnsent } from '../api/ask-sign-out.ts'
import { describeError } from '../api/describe-error.ts'
import { useSignOut } from '../api/sign-out.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'

/** Asks before edits are lost that no server has. */
export default function SignOutDialog() {
  const { t } = useTranslation()
  const leave = useSignOut()
  const count = useUnsent()
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => signOutAsked.set(open)}
      title={t('account.leaveTitle')}
      text={count > 0 ? t('account.leaveUnsent', { count }) : t('account.leaveSent')}
      action={t('account.signOut')}
      busy={leave.isPending}
      error={leave.error ? describeError(leave.error) : undefined}
      onConfirm={() => leave.mutate({}, { onSuccess: () => signOutAsked.set(false) })}
    />
  )
}
