import { useCallback, useEffect } from 'react'
import { UserId, type ProjectId, type SessionId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { noteRecentFile } from '../../palette/recent.ts'
import { usePublishPresence } from '../../presence/use-publish.ts'
import type { RoomSearch } from '../../routes.tsx'
import type { OpenPlace } from '../../trajectory/row-context.ts'
import type { Room } from './use-room.ts'
import { useShownPlace } from './use-shown-place.ts'

type Options = { room: Room; projectId: ProjectId; sessionId: SessionId | undefined; wide: boolean; touch(): void }

/** Which panes of the room are shown, what they show, and how each of it is changed. The others are told where this person is. */
export function usePanes({ room, projectId, sessionId, wide, touch }: Options) {
  const { search, show, lead } = useShownPlace({ projectId, sessionId, wide, onChosen: touch })
  const { file, as: look, port, tab = 'files', pane = 'talk' } = search
  const onTab = useCallback((next: WorkspaceTab) => show({ tab: next, ...(!wide && { pane: 'workspace' }) }), [show, wide])
  // What is opened from the conversation is left again by the way back.
  const onOpen = useCallback(
    ({ tab, file, look, port }: OpenPlace) => {
      touch()
      show({ tab, ...(file && { file, as: look }), ...(port !== undefined && { port }), ...(!wide && { pane: 'workspace' }) }, false)
    },
    [show, wide, touch],
  )
  const onFile = useCallback((next: FilePath | undefined) => show({ file: next, as: undefined }), [show])
  const onLook = useCallback((as: RoomSearch['as']) => show({ as }), [show])
  const onPort = useCallback((next: number | undefined) => show({ port: next }), [show])

  useEffect(() => {
    if (file) noteRecentFile(projectId, file)
  }, [projectId, file])
  const { theirs, mine } = room.reading
  usePublishPresence(room.project.awareness, room.me, {
    place: { sessionId, tab, file },
    following: UserId.safeParse(room.following).data ?? null,
    reading: mine,
  })
  // Of one pane at a time: the conversation while the followed one moves in it.
  useEffect(() => {
    let begun = theirs.get() !== undefined
    return theirs.subscribe(() => {
      if (!wide && begun && theirs.get()) show({ pane: 'talk' })
      begun = theirs.get() !== undefined
    })
  }, [theirs, wide, show])
  return { pane, show, lead, onOpen, shown: { tab, onTab, file, onFile, look, onLook, port, onPort } }
}
