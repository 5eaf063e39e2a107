import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

type Props = {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  text: string
  /** What is about to be done, as a verb. */
  action: string
  busy?: boolean
  /** Not ready yet: a name has to be typed first. */
  disabled?: boolean
  error?: string | undefined
  onConfirm(): void
  children?: ReactNode
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ open, onOpenChange, title, text, action, busy = false, disabled = false, error, onConfirm, children }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={text}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled && !busy) onConfirm()
        }}
      >
        {children}
        {error && (
          <p role="alert" className="mt-2 text-ui text-danger">
            {error}
          </p>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button type="submit" look="destructive" busy={busy} disabled={disabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
