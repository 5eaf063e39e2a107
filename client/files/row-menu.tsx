import { DropdownMenu } from 'radix-ui'
import { useTranslation } from '../i18n/use-translation.ts'
import { Item, Line } from '../ui/menu-parts.tsx'
import { useRowActions } from './row-actions.tsx'
import type { TreeEdits } from './use-tree-edits.ts'
import type { Uploads } from './use-uploads.ts'

/** Of an entry, or of the tree itself (an empty path), at a point of the page. */
export type RowMenuPlace = { path: string; x: number; y: number }

type Props = { at: RowMenuPlace; edits: TreeEdits; uploads: Uploads; onClose(): void }

/** The menu of a row, at a point of the page. The focus goes back to the tree when it closes. */
export default function RowMenu({ at, edits, uploads, onClose }: Props) {
  const { t } = useTranslation('files')
  const actions = useRowActions(at.path, edits, uploads)
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden tabIndex={-1} className="pointer-events-none fixed size-0" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          aria-label={at.path || t('tree')}
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
