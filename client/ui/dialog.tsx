import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { cx } from './class-names.ts'

type Props = { open: boolean; onOpenChange(open: boolean): void; title: string; description?: string; wide?: boolean; children: ReactNode }

/** A dialog over the page; Esc and a click beside it close it, and the focus goes back to where it was. */
export const Dialog = ({ open, onOpenChange, title, description, wide = false, children }: Props) => (
  <Primitive.Root open={open} onOpenChange={onOpenChange}>
    <Primitive.Portal>
      <Primitive.Overlay className="fade fixed inset-0 z-50 bg-scrim" />
      <Primitive.Content
        {...(!description && { 'aria-describedby': undefined })}
        className={cx(
          'rise fixed inset-x-4 top-[12vh] z-50 mx-auto max-h-[80vh] overflow-y-auto rounded-xl bg-raised p-5 shadow-modal focus:outline-none',
          wide ? 'max-w-[560px]' : 'max-w-[420px]',
        )}
      >
        <div className="mb-4 flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <Primitive.Title className="text-title font-title">{title}</Primitive.Title>
            {description && <Primitive.Description className="mt-1 text-ui text-fg-2">{description}</Primitive.Description>}
          </div>
          <Primitive.Close asChild>
            <IconButton label="Close" className="-mt-1 -mr-1.5">
              <X size={16} />
            </IconButton>
          </Primitive.Close>
        </div>
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  </Primitive.Root>
)
