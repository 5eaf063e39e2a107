import { useTranslation } from '../i18n/use-translation.ts'
import { useCommands } from '../commands/commands.ts'
import type { Item } from '#shared/sessions/items.ts'
import { hasCommand, isEdit, type ItemActions } from './item-actions.ts'

type Options = {
  /** The item of the focused row. */
  focused(): { row: HTMLElement; item: Item } | undefined
  neighbour(by: 1 | -1): HTMLElement | undefined
  focusRow(row: HTMLElement | undefined): void
  toStart(): void
  toEnd(): void
  toUnread: (() => void) | undefined
  find(): void
  actions: ItemActions
}

/** Everything one can do in the conversation, by key and from the palette. */
export function useTrajectoryCommands({ focused, neighbour, focusRow, toStart, toEnd, toUnread, find, actions }: Options): void {
  const { t } = useTranslation('trajectory')
  /** Only for a focused row; else the key is somebody else's. */
  const onItem =
    (act: ((item: Item) => void) | undefined, fits: (item: Item) => boolean = () => true) =>
    () => {
      const on = focused()
      if (!on || !act || !fits(on.item)) return false
      act(on.item)
      return true
    }
  const move = (by: 1 | -1) => () => {
    const row = neighbour(by)
    focusRow(row)
    return row !== undefined
  }
  const group = 'conversation'
  useCommands([
    { id: 'conversation.next', label: t('command.next'), group, keys: ['j'], keysOnly: true, run: move(1) },
    { id: 'conversation.previous', label: t('command.previous'), group, keys: ['k'], keysOnly: true, run: move(-1) },
    {
      id: 'conversation.open',
      label: t('command.open'),
      group,
      keys: ['enter'],
      keysOnly: true,
      run: () => {
        const on = focused()
        const opens = on?.row.querySelector<HTMLElement>('[data-opens]')
        // On a button inside the row Enter presses that button.
        if (!on || !opens || document.activeElement !== on.row) return false
        opens.click()
        return true
      },
    },
    { id: 'conversation.copy', label: t('command.copy'), group, keys: ['c', 'y'], keysOnly: true, run: onItem(actions.copy) },
    { id: 'conversation.copy-link', label: t('command.copyLink'), group, keys: ['l'], keysOnly: true, run: onItem(actions.copyLink) },
    ...(actions.quote
      ? [{ id: 'conversation.quote', label: t('command.quote'), group, keys: ['r'], keysOnly: true, run: onItem(actions.quote) } as const]
      : []),
    ...(actions.addToPlan
      ? [
          {
            id: 'conversation.add-to-plan',
            label: t('command.addToPlan'),
            group,
            keys: ['p'],
            keysOnly: true,
            run: onItem(actions.addToPlan),
          } as const,
        ]
      : []),
    ...(actions.openInTerminal
      ? [
          {
            id: 'conversation.open-in-terminal',
            label: t('command.openInTerminal'),
            group,
            keys: ['t'],
            keysOnly: true,
            run: onItem(actions.openInTerminal, hasCommand),
          } as const,
        ]
      : []),
    ...(actions.undoEdit
      ? [
          {
            id: 'conversation.undo-edit',
            label: t('command.undoEdit'),
            group,
            keys: ['z'],
            keysOnly: true,
            run: onItem(actions.undoEdit, isEdit),
          } as const,
        ]
      : []),
    { id: 'conversation.start', label: t('command.start'), group, keys: ['g'], run: toStart },
    { id: 'conversation.end', label: t('command.end'), group, keys: ['shift+g'], run: toEnd },
    ...(toUnread ? [{ id: 'conversation.unread', label: t('command.unread'), group, keys: ['u'], run: toUnread } as const] : []),
    { id: 'conversation.find', label: t('command.find'), group, keys: ['mod+f'], run: find },
  ])
}
