import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './class-names.ts'
import type { MenuChoiceProps, MenuItemProps } from './menu.tsx'

/** What an open menu is made of; fetched when one is first opened. */

type RootProps = { open: boolean; onOpenChange(open: boolean): void; trigger: ReactNode; align: 'start' | 'end'; children: ReactNode }

export const Root = ({ open, onOpenChange, trigger, align, children }: RootProps) => (
  <DropdownMenu.Root open={open} onOpenChange={onOpenChange} modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className="rise z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-[200px] overflow-y-auto rounded-xl bg-raised p-1 shadow-pop"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

export const Item = ({ icon, danger = false, disabled = false, hint, onSelect, children }: MenuItemProps) => (
  <DropdownMenu.Item
    disabled={disabled}
    onSelect={onSelect}
    className={cx(
      'flex min-h-(--h-control) items-center gap-2 rounded-md px-2 text-ui outline-none data-[disabled]:text-fg-3 data-[highlighted]:bg-hover',
      'forced-colors:data-[highlighted]:bg-[Highlight] forced-colors:data-[highlighted]:text-[HighlightText]',
      danger ? 'text-danger' : 'text-fg',
    )}
  >
    <span className={cx('inline-flex size-4 items-center justify-center', danger ? 'text-danger' : 'text-fg-3')}>{icon}</span>
    <span className="min-w-0 flex-1">{children}</span>
    {hint}
  </DropdownMenu.Item>
)

export const Choice = <T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) => (
  <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
    <DropdownMenu.Label className="px-2 pt-1 pb-0.5 text-small text-fg-3">{label}</DropdownMenu.Label>
    {options.map((option) => (
      <DropdownMenu.RadioItem
        key={option.value}
        value={option.value}
        className="flex h-(--h-control) items-center gap-2 rounded-md px-2 text-ui outline-none data-[highlighted]:bg-hover forced-colors:data-[highlighted]:bg-[Highlight] forced-colors:data-[highlighted]:text-[HighlightText]"
      >
        <span className="inline-flex size-4 items-center justify-center text-fg-2">
          <DropdownMenu.ItemIndicator>
            <Check size={14} />
          </DropdownMenu.ItemIndicator>
        </span>
        {option.label}
      </DropdownMenu.RadioItem>
    ))}
  </DropdownMenu.RadioGroup>
)

export const Line = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />
