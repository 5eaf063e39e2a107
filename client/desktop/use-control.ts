import { useState } from 'react'
import type * as Y from 'yjs'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { desktopCalls } from '#shared/desktop/api.ts'
import type { Controller, ControlCommand, DesktopControl } from '#shared/desktop/schema.ts'
import { readControl } from '#shared/projects/doc.ts'
import { useCall } from '../api/use-call.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useDocValue } from '../sync/use-document.ts'

export const metaMap = (doc: Y.Doc) => doc.getMap('meta')

type Action = ControlCommand['action']

/** Who has control, and what this person can do about it. */
export function useControl({
  projectId,
  sessionId,
  project,
  selfId,
}: {
  projectId: ProjectId
  sessionId: SessionId | undefined
  project: Y.Doc
  selfId: UserId
}) {
  const control: DesktopControl = useDocValue(project, readControl, metaMap)
  const { t } = useTranslation('desktop')
  const command = useCall(desktopCalls.controlDesktop, { failed: t('notControlled') })
  const [busy, setBusy] = useState<Action | null>(null)
  const mine = control.holder?.kind === 'user' && control.holder.id === selfId
  const asked = control.requests.find(({ by }) => by.kind === 'user' && by.id === selfId)

  async function send(action: Action, to?: Controller['id']): Promise<void> {
    setBusy(action)
    const place = sessionId ? { sessionId } : {}
    const body = (action === 'grant' || action === 'deny') && to !== undefined ? { action, to, ...place } : ({ action, ...place } as ControlCommand)
    await command.mutateAsync({ params: { id: projectId }, body }).catch(() => undefined)
    setBusy(null)
  }
  return { control, mine, asked, others: control.requests.filter((request) => request !== asked), busy, send }
}

export type ControlState = ReturnType<typeof useControl>
