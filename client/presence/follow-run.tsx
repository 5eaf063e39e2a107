import { useEffect, useRef } from 'react'
import type * as Y from 'yjs'
import { readEditing } from '#shared/files/doc.ts'
import { finalRunStatuses, type RunState } from '#shared/runs/schema.ts'
import { readItems, readLive, sessionItems, sessionLive } from '#shared/sessions/doc.ts'
import { madeByRun } from '#shared/sessions/made.ts'
import { useDocValue } from '../sync/use-document.ts'
import { madePlace, runPlace, type RoomPlace } from './agent-place.ts'
import { writesInWorkspace } from './use-follow-run.ts'

const editingMap = (doc: Y.Doc) => doc.getMap('editing')

type Props = {
  /** The run that is followed; also just after its end. */
  run: RunState
  session: Y.Doc
  project: Y.Doc
  /** Shows a place. Must not move the focus. */
  go(place: RoomPlace): void
  /** Somebody writes where something else would be shown. */
  onWriting(): void
  /** The room stands on what the run made. */
  onEnd(): void
}

/** Shows the work of a run where it is done, and at its end what it made. The conversation stays where its reader is. */
export default function FollowRun({ run, session, project, go, onWriting, onEnd }: Props) {
  const items = useDocValue(session, readItems, sessionItems)
  const live = useDocValue(session, readLive, sessionLive)
  const editing = useDocValue(project, (doc) => readEditing(doc, run.agentId), editingMap)
  const over = finalRunStatuses.includes(run.status)
  const made = over ? madeByRun(items.filter((item) => item.runId === run.id)).get(run.id) : undefined
  const place = over ? made && madePlace(made) : runPlace(run.id, [...items, ...live.map(({ item }) => item)], editing?.path)
  const there = JSON.stringify(place)
  const latest = useRef({ go, place, onWriting, onEnd })
  useEffect(() => {
    latest.current = { go, place, onWriting, onEnd }
  })
  useEffect(() => {
    const { go: show, place: to, onWriting: leave, onEnd: end } = latest.current
    if (to && writesInWorkspace()) leave()
    else if (to) show(to)
    if (over) end()
  }, [there, over])
  return null
}
