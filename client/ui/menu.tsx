import { Slot } from 'radix-ui'
import { createContext, useContext, useEffect, useState, type KeyboardEvent, type ReactNode } from 'react'
import type * as MenuParts from './menu-parts.tsx'

type Parts = typeof MenuParts

const loadParts = () => import('./menu-parts.tsx')
const warm = () => void loadParts()
const Loaded = createContext<Parts | null>(null)

/** Only inside an open menu, where the parts are there. */
function useParts(): Parts {
  const parts = useContext(Loaded)
  if (!parts) throw new Error('this belongs inside a Menu')
  return parts
}

type MenuProps = {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
  /** Given where something else may open it, too: a context menu. */
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

/** A menu that opens from `trigger`, which must be a button. What it is made of is fetched when it is first opened. */
export function Menu({ trigger, children, align = 'end', open: given, onOpenChange }: MenuProps) {
  const [parts, setParts] = useState<Parts>()
  const [own, setOwn] = useState(false)
  const open = given ?? own
  const setOpen = onOpenChange ?? setOwn
  useEffect(() => {
    if (open && !parts) void loadParts().then(setParts)
  }, [open, parts])
  const show = () => setOpen(true)
  if (!parts) {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      show()
    }
    return (
      <Slot.Root aria-haspopup="menu" aria-expanded={open} onClick={show} onKeyDown={onKeyDown} onPointerEnter={warm} onFocus={warm}>
        {trigger}
      </Slot.Root>
    )
  }
  return (
    <parts.Root open={open} onOpenChange={setOpen} trigger={trigger} align={align}>
      <Loaded value={parts}>{children}</Loaded>
    </parts.Root>
  )
}

export type MenuItemProps = {
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** Shown at the end: the key that does the same. */
  hint?: ReactNode
  onSelect(): void
  children: ReactNode
}

export function MenuItem(props: MenuItemProps) {
  const { Item } = useParts()
  return <Item {...props} />
}

export type MenuChoiceProps<T extends string> = {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange(value: T): void
}

export function MenuChoice<T extends string>(props: MenuChoiceProps<T>) {
  const { Choice } = useParts()
  return <Choice {...props} />
}

export function MenuLine() {
  const { Line } = useParts()
  return <Line />
}
