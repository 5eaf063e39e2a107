import { Dialog } from 'radix-ui'
import { X } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'

/** A picture as large as the window allows. */
export default function PictureDialog({ src, name, onClose }: { src: string; name: string; onClose(): void }) {
  const { t } = useTranslation('common')
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade fixed inset-0 z-50 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 flex max-h-[92dvh] max-w-[94vw] -translate-x-1/2 -translate-y-1/2 flex-col gap-2 rounded-xl bg-raised p-3 shadow-modal"
        >
          <div className="flex items-center gap-4">
            <Dialog.Title className="min-w-0 flex-1 truncate text-ui font-title">{name}</Dialog.Title>
            <Dialog.Close
              aria-label={t('close')}
              className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2 hover:bg-hover"
            >
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <img src={src} alt={name} className="min-h-0 rounded-md object-contain" />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
