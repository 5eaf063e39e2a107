import { Bot, Copy, Link, ListPlus, Quote, RotateCcw, SquareTerminal, Undo2, type LucideIcon } from 'lucide-react'
import type { Item } from '#shared/sessions/items.ts'
import { t } from '../i18n/translate.ts'
import { canRetry, hasCommand, isEdit, isToPeople, type ItemActions } from './item-actions.ts'

export type ItemAction = {
  id: 'retry' | 'quote' | 'askAgent' | 'addToPlan' | 'openInTerminal' | 'undoEdit' | 'copy' | 'copyLink'
  label: string
  Icon: LucideIcon
  keys?: string
  run(): void
}

/** What is offered for an item, in its order. */
export function actionsFor(item: Item, actions: ItemActions): ItemAction[] {
  const { retry, quote, askAgent, addToPlan, openInTerminal, undoEdit } = actions
  const text = item.type === 'message' || item.type === 'tool_call'
  return [
    ...(retry && canRetry(item) ? [{ id: 'retry', label: t('trajectory:action.retry'), Icon: RotateCcw, run: () => retry(item) } as const] : []),
    ...(quote && text ? [{ id: 'quote', label: t('trajectory:action.quote'), Icon: Quote, keys: 'r', run: () => quote(item) } as const] : []),
    ...(askAgent && isToPeople(item)
      ? [{ id: 'askAgent', label: t('trajectory:action.askAgent'), Icon: Bot, run: () => askAgent(item) } as const]
      : []),
    ...(addToPlan && item.type === 'message'
      ? [{ id: 'addToPlan', label: t('trajectory:action.addToPlan'), Icon: ListPlus, keys: 'p', run: () => addToPlan(item) } as const]
      : []),
    ...(openInTerminal && hasCommand(item)
      ? [
          {
            id: 'openInTerminal',
            label: t('trajectory:action.openInTerminal'),
            Icon: SquareTerminal,
            keys: 't',
            run: () => openInTerminal(item),
          } as const,
        ]
      : []),
    ...(undoEdit && isEdit(item)
      ? [{ id: 'undoEdit', label: t('trajectory:action.undoEdit'), Icon: Undo2, keys: 'z', run: () => undoEdit(item) } as const]
      : []),
    { id: 'copy', label: t('trajectory:action.copy'), Icon: Copy, keys: 'c', run: () => actions.copy(item) },
    { id: 'copyLink', label: t('trajectory:action.copyLink'), Icon: Link, keys: 'l', run: () => actions.copyLink(item) },
  ]
}
