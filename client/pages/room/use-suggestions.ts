import { useEffect, useRef } from 'react'
import type * as Y from 'yjs'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { readItems, sessionItems } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { notify } from '../../ui/notify.ts'
import { t } from '../../i18n/translate.ts'

/** What an agent suggests to the people, of items that are new: shown in passing, with a button where there is something to open. */
export function suggestionOf(item: Item): { agent: string; tab: WorkspaceTab } | { agent: string; message: string; bad: boolean } | undefined {
  if (item.type !== 'tool_call' || item.status !== 'ok') return undefined
  const agent = item.author.name
  const shown = item.presentation
  if (shown?.kind === 'suggestion') return { agent, tab: shown.tab }
  if (shown?.kind !== 'notice') return undefined
  return { agent, message: shown.message, bad: shown.level === 'error' || shown.level === 'warning' }
}

/** Shows suggestions as they come. Nothing opens and no focus moves unless a person presses the button. */
export function useSuggestions(session: Y.Doc, ready: boolean, onTab: (tab: WorkspaceTab) => void): void {
  const open = useRef(onTab)
  useEffect(() => {
    open.current = onTab
  })
  useEffect(() => {
    if (!ready) return
    let seen = readItems(session).at(-1)?.seq ?? 0
    const look = () => {
      const fresh = readItems(session).filter((item) => item.seq > seen)
      seen = fresh.at(-1)?.seq ?? seen
      for (const item of fresh) {
        const said = suggestionOf(item)
        if (!said) continue
        if ('tab' in said) {
          const { tab, agent } = said
          const name = t(`presence:tabs.${tab}`)
          notify(t('room:suggestsTab', { agent, tab: name }), {
            id: item.id,
            action: { label: t('room:openTab', { tab: name }), onClick: () => open.current(tab) },
          })
        } else (said.bad ? notify.error : notify)(said.message, { id: item.id, description: said.agent })
      }
    }
    const items = sessionItems(session)
    items.observe(look)
    return () => items.unobserve(look)
  }, [session, ready])
}
