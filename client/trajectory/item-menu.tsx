import { DropdownMenu } from 'radix-ui'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Item } from '#shared/sessions/items.ts'
import { keyParts } from '../commands/keys.ts'
import { Key } from '../ui/badge.tsx'
import { actionsFor } from './action-list.tsx'
import type { ItemActions } from './item-actions.ts'

type Props = { item: Item; at: { x: number; y: number }; actions: ItemActions; onClose(): void }

/** The menu of an item, where it was asked for. */
export default function ItemMenu({ item, at, actions, onClose }: Props) {
  const { t } = useTranslation('trajectory')
  return (
    <DropdownMenu.Root open onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="fixed size-0" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          aria-label={t('actions')}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="rise z-40 min-w-[200px] rounded-xl bg-raised p-1 shadow-pop"
        >
          {actionsFor(item, actions).map(({ id, label, Icon, keys, run }) => (
            <DropdownMenu.Item
              key={id}
              onSelect={run}
              className="flex h-(--h-control) items-center gap-2 rounded-md px-2 text-ui text-fg outline-none data-[highlighted]:bg-hover"
            >
              <Icon size={15} className="text-fg-3" aria-hidden />
              <span className="flex-1">{label}</span>
              {keys && <Key>{keyParts(keys).join(' ')}</Key>}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
