import { useEffect, useRef } from 'react'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { Outbox } from './outbox.ts'

/** A message written where there was no session made one: go there as soon as it is the server's. */
export function useOpenOnceMade(outbox: Outbox, here: SessionId | undefined, projectId: ProjectId, open: (id: SessionId) => void): void {
  const newest = useRef(open)
  useEffect(() => {
    newest.current = open
  })
  useEffect(() => {
    if (here) return
    return outbox.onDelivered((entry) => {
      if (entry.createIn === projectId) newest.current(entry.sessionId)
    })
  }, [outbox, here, projectId])
}
