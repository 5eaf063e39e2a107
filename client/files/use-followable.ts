import { useMemo } from 'react'
import type { AgentId, UserId } from '#shared/base/ids.ts'
import { useCommands } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Present } from '../sync/use-presence.ts'
import type { Followable } from './follow-button.tsx'
import type { useEditing } from './use-editing.ts'

type Options = {
  file: string | undefined
  present: readonly Present[]
  editing: ReturnType<typeof useEditing>
  following: UserId | AgentId | null
  /** The agent whose following is offered over the workspace already. */
  offers: AgentId | undefined
  onFollow(id: UserId | AgentId | null): void
}

/** Who is followed, or the agent that could be: at the open file, else at any. Offers the key for it. */
export function useFollowable({ file, present, editing, following, offers, onFollow }: Options) {
  const { t } = useTranslation('files')
  const followable = useMemo((): (Followable & { on: boolean; toggle(): void }) | undefined => {
    const followed = present.find((person) => person.user.id === following)
    if (followed) return { kind: 'person', id: followed.user.id, name: followed.user.name, on: true, toggle: () => onFollow(null) }
    const busy = editing.find((one) => one.agentId === following) ?? editing.find((one) => one.path === file) ?? editing[0]
    if (busy && busy.agentId !== offers) {
      const on = following === busy.agentId
      return { kind: 'agent', id: busy.agentId, name: busy.name, on, toggle: () => onFollow(on ? null : busy.agentId) }
    }
    return undefined
  }, [present, following, offers, onFollow, editing, file])
  useCommands(
    followable
      ? [
          {
            id: 'files.follow',
            label: followable.on ? t('stopFollowing', { name: followable.name }) : t('follow', { name: followable.name }),
            group: 'files',
            keys: ['f'],
            run: followable.toggle,
          },
        ]
      : [],
  )
  return followable
}
