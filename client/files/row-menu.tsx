import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { Item, Line } from '../ui/menu-parts.tsx'

export type RowAction = { id: string; label: string; icon: ReactNode; danger?: boolean; hint?: ReactNode; run(): void } | 'line'

type Props = { at: { x: number; y: number }; label: string; actions: readonly RowAction[]; onClose(): void }

/** The menu of a row, at a point of the page. The focus goes back to the tree when it closes. */
export default function RowMenu({ at, label, actions, onClose }: Props) {
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden tabIndex={-1} className="pointer-events-none fixed size-0" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          aria-label={label}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="rise z-40 min-w-[200px] rounded-xl bg-raised p-1 shadow-pop"
        >
          {actions.map((action, i) =>
            action === 'line' ? (
              <Line key={i} />
            ) : (
              <Item key={action.id} icon={action.icon} danger={action.danger ?? false} hint={action.hint} onSelect={action.run}>
                {action.label}
              </Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
