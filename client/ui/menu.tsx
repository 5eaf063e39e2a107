import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './class-names.ts'

/** A menu that opens from `trigger`, which must be a button. */
export const Menu = ({ trigger, children, align = 'end' }: { trigger: ReactNode; children: ReactNode; align?: 'start' | 'end' }) => (
  <DropdownMenu.Root>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className="rise z-40 min-w-[200px] rounded-xl bg-raised p-1 shadow-pop">
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

type ItemProps = { icon?: ReactNode; danger?: boolean; disabled?: boolean; onSelect(): void; children: ReactNode }

export const MenuItem = ({ icon, danger = false, disabled = false, onSelect, children }: ItemProps) => (
  <DropdownMenu.Item
    disabled={disabled}
    onSelect={onSelect}
    className={cx(
      'flex h-(--h-control) items-center gap-2 rounded-md px-2 text-ui outline-none data-[disabled]:text-fg-3 data-[highlighted]:bg-hover',
      danger ? 'text-danger' : 'text-fg',
    )}
  >
    <span className="inline-flex size-4 items-center justify-center text-fg-3">{icon}</span>
    {children}
  </DropdownMenu.Item>
)

type ChoiceProps<T extends string> = { label: string; value: T; options: readonly { value: T; label: string }[]; onChange(value: T): void }

export const MenuChoice = <T extends string>({ label, value, options, onChange }: ChoiceProps<T>) => (
  <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
    <DropdownMenu.Label className="px-2 pt-1 pb-0.5 text-small text-fg-3">{label}</DropdownMenu.Label>
    {options.map((option) => (
      <DropdownMenu.RadioItem
        key={option.value}
        value={option.value}
        className="flex h-(--h-control) items-center gap-2 rounded-md px-2 text-ui outline-none data-[highlighted]:bg-hover"
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

export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />
