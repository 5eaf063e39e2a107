import type { ToolCallItem } from '#shared/sessions/items.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import type { RowContext } from './row-context.ts'
import { presentationOf } from './call-presentation.ts'
import { ToolIcon } from './tool-icon.tsx'

/** What an agent suggests to the people, or tells them; one that came to nothing is a call like any other. */
export const isSuggestion = (item: ToolCallItem) => item.status === 'ok' && ['suggestion', 'notice'].includes(presentationOf(item).kind)

/** A suggestion as a row with its button: nothing opens, and no focus moves, unless somebody presses it. */
export function SuggestionCall({ item, context }: { item: ToolCallItem; context: RowContext }) {
  const { t } = useTranslation('trajectory')
  const { t: place } = useTranslation('presence')
  const shown = presentationOf(item)
  const tab = shown.kind === 'suggestion' ? shown.tab : undefined
  const name = tab && place(`tabs.${tab}`)
  return (
    <div className="flex min-h-8 items-center gap-2 py-0.5 pr-1 pl-2.5 text-ui">
      <ToolIcon item={item} />
      <span className="min-w-0 flex-1 break-words text-fg">
        {name ? t('suggests', { agent: item.author.name, tab: name }) : shown.kind === 'notice' && shown.message}
      </span>
      {tab && context.onOpen && <Button onClick={() => context.onOpen?.({ tab })}>{t('foot.tab', { tab: name })}</Button>}
    </div>
  )
}
