import { X } from 'lucide-react'
import type { CSSProperties } from 'react'
import { Toaster } from 'sonner'
import { useTranslation } from '../i18n/use-translation.ts'

/** Where passing notices show: below the head of a phone's page, whose lower end people write in; at the lower right elsewhere. */
export default function Notices({ phone = false }: { phone?: boolean }) {
  const { t } = useTranslation()
  return (
    <Toaster
      position={phone ? 'top-center' : 'bottom-right'}
      style={{ fontFamily: 'inherit', '--width': '400px' } as CSSProperties}
      mobileOffset={{ top: 60 }}
      offset={phone ? { top: 60 } : undefined}
      closeButton
      icons={{ close: <X size={16} /> }}
      toastOptions={{
        unstyled: true,
        closeButtonAriaLabel: t('close'),
        classNames: {
          toast:
            'flex min-h-11 w-full items-center gap-2.5 rounded-lg bg-raised py-1.5 pr-2 pl-3.5 text-ui text-fg shadow-pop [&_[data-icon]_svg]:size-4 [&[data-front=false][data-expanded=false]>*]:opacity-0',
          content: 'min-w-0 flex-1 py-1',
          description: 'text-small text-fg-3',
          error: '[&_[data-icon]]:text-danger',
          success: '[&_[data-icon]]:text-ok',
          actionButton:
            'inline-flex h-(--h-control) shrink-0 items-center rounded-md border border-line-strong bg-raised px-2.5 font-label whitespace-nowrap hover:bg-sunken active:bg-selected',
          closeButton:
            'order-last inline-flex size-(--h-control) shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg active:bg-press',
        },
      }}
    />
  )
}
