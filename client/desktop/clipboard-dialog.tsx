import { useId, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

type Props = { open: boolean; onOpenChange(open: boolean): void; text: string; onSend(text: string): void }

/** What is in the desktop's clipboard, and a way to put something else in. For whoever has control. */
export function ClipboardDialog({ open, onOpenChange, text, onSend }: Props) {
  const { t } = useTranslation('desktop')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('clipboard')} description={t('clipboardText')}>
      {open && <Body key={text} text={text} onSend={onSend} onDone={() => onOpenChange(false)} />}
    </Dialog>
  )
}

function Body({ text, onSend, onDone }: { text: string; onSend(text: string): void; onDone(): void }) {
  const { t } = useTranslation('desktop')
  const [value, setValue] = useState(text)
  const id = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSend(value)
        onDone()
      }}
    >
      <label htmlFor={id} className="text-small text-fg-2">
        {t('clipboardLabel')}
      </label>
      <textarea
        id={id}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        rows={5}
        maxLength={100_000}
        className="mt-1 w-full rounded-md border border-line-field bg-raised p-2 font-mono text-code-s text-fg"
      />
      <div className="mt-3 flex justify-end gap-2">
        <Button onClick={() => void navigator.clipboard?.writeText(value)}>{t('copy')}</Button>
        <Button look="primary" type="submit">
          {t('putIn')}
        </Button>
      </div>
    </form>
  )
}
