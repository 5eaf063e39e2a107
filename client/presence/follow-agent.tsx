import { useEffect, useRef } from 'react'
import type * as Y from 'yjs'
import { readEditing } from '#shared/files/doc.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import { readItems, readLive, sessionItems, sessionLive } from '#shared/sessions/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { useDocValue } from '../sync/use-document.ts'
import { AgentMark } from '../ui/marks.tsx'
import { agentPlace } from './agent-place.ts'
import { FollowBar } from './follow-bar.tsx'
import type { FollowProps } from './follow.tsx'

const editingMap = (doc: Y.Doc) => doc.getMap('editing')

type Props = FollowProps & { agent: RoomAgent; sessions: readonly SessionSummary[]; session: Y.Doc; project: Y.Doc }

/** Goes where an agent works: to its session, to the end of it, and to the file or the tab that its newest call is about. */
export default function FollowAgent({ agent, sessions, session, project, onFollow, go, sessionId, theirs }: Props) {
  const items = useDocValue(session, readItems, sessionItems)
  const live = useDocValue(session, readLive, sessionLive)
  const editing = useDocValue(project, (doc) => readEditing(doc, agent.id), editingMap)
  const place = agentPlace(agent.id, { sessions, sessionId, items: [...items, ...live.map(({ item }) => item)], editing: editing?.path })
  const there = JSON.stringify(place)
  const latest = useRef({ go, place })
  useEffect(() => {
    latest.current = { go, place }
  })
  useEffect(() => latest.current.go(latest.current.place), [there])
  useEffect(() => {
    theirs.set('end')
    return () => theirs.set(undefined)
  }, [theirs, sessionId])
  return <FollowBar name={agent.name} colour="var(--ink)" mark={<AgentMark id={agent.id} size="small" />} onStop={() => onFollow(null)} />
}
