import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from './button.tsx'
import { cx } from './class-names.ts'
import type { DialogProps } from './dialog.tsx'

export default function DialogFrame({ open, onOpenChange, title, description, wide = false, children }: DialogProps) {
  const { t } = useTranslation()
  // Radix gives the focus back to a trigger of its own; these dialogs open from anywhere.
  const [before] = useState(() => document.activeElement)
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fade fixed inset-0 z-50 bg-scrim" />
        <Primitive.Content
          {...(!description && { 'aria-describedby': undefined })}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (before instanceof HTMLElement && before.isConnected) before.focus()
          }}
          className={cx(
            'rise fixed inset-x-4 top-[min(12dvh,120px)] z-50 mx-auto max-h-[80dvh] overflow-y-auto rounded-xl bg-raised p-5 shadow-modal focus:outline-none forced-colors:border',
            wide ? 'max-w-[560px]' : 'max-w-[420px]',
          )}
        >
          <div className="mb-4 flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-title font-title">{title}</Primitive.Title>
              {description && <Primitive.Description className="mt-1 text-ui text-fg-2">{description}</Primitive.Description>}
            </div>
            <Primitive.Close asChild>
              <IconButton label={t('close')} className="-mt-1 -mr-1.5">
                <X size={16} />
              </IconButton>
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
