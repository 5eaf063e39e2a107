import { WorkspaceTab } from '#shared/presence/schema.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import type { RowContext } from './row-context.ts'
import { fieldsOf, textOf, ToolIcon } from './tool-summary.tsx'

/** What an agent suggests to the people, or tells them; one that came to nothing is a call like any other. */
export const isSuggestion = (item: ToolCallItem) => item.status === 'ok' && (item.name === 'ui_open_tab' || item.name === 'ui_notify')

/** A suggestion as a row with its button: nothing opens, and no focus moves, unless somebody presses it. */
export function SuggestionCall({ item, context }: { item: ToolCallItem; context: RowContext }) {
  const { t } = useTranslation('trajectory')
  const { t: place } = useTranslation('presence')
  const args = fieldsOf(item.args)
  const tab = item.name === 'ui_open_tab' ? WorkspaceTab.safeParse(args.tab).data : undefined
  const name = tab && place(`tabs.${tab}`)
  return (
    <div className="flex min-h-8 items-center gap-2 py-0.5 pr-1 pl-2.5 text-ui">
      <ToolIcon name={item.name} />
      <span className="min-w-0 flex-1 break-words text-fg">
        {name ? t('suggests', { agent: item.author.name, tab: name }) : textOf(args.message)}
      </span>
      {tab && context.onOpen && <Button onClick={() => context.onOpen?.({ tab })}>{t('foot.tab', { tab: name })}</Button>}
    </div>
  )
}
