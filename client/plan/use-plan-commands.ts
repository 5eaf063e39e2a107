import type { RefObject } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useCommands } from '../commands/commands.ts'
import type { PlanEdits } from './use-plan-edits.ts'

type Options = {
  section: RefObject<HTMLElement | null>
  mayEdit: boolean
  edits: PlanEdits
  open: boolean
  onAdd(): void
  onToggle: (() => void) | undefined
}

/** What one can do with the plan as a whole, from the palette and by keys. Undo is the plan's only while one is in it. */
export function usePlanCommands({ section, mayEdit, edits, open, onAdd, onToggle }: Options): void {
  const { t } = useTranslation('plan')
  const within = (act: () => boolean) => (section.current?.contains(document.activeElement) ? act() : false)
  useCommands([
    ...(mayEdit
      ? [
          { id: 'plan.add', label: t('add'), group: 'plan' as const, run: onAdd },
          { id: 'plan.undo', label: t('undoPlan'), group: 'plan' as const, keys: ['mod+z'], keysOnly: true, run: () => within(edits.undo) },
          {
            id: 'plan.redo',
            label: t('redoPlan'),
            group: 'plan' as const,
            keys: ['mod+shift+z', 'mod+y'],
            keysOnly: true,
            run: () => within(edits.redo),
          },
        ]
      : []),
    ...(onToggle ? [{ id: 'plan.toggle', label: open ? t('close') : t('open'), group: 'plan' as const, run: onToggle }] : []),
  ])
}
