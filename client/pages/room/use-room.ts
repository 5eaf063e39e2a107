import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { readAgents, readPendingApprovals, readPeople, readProject, readSandbox, readSessions } from '#shared/projects/doc.ts'
import type { Reading } from '#shared/presence/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { isActive } from '../../composer/is-active.ts'
import { readShownRuns, sessionMeta, sessionStates } from '#shared/sessions/doc.ts'
import { useMe } from '../../api/me.ts'
import { queryOf } from '../../api/query.ts'
import { createStore } from '../../ui/store.ts'
import { useDocument, useDocValue } from '../../sync/use-document.ts'
import type { DocumentState } from '../../sync/document-state.ts'
import type { Followed } from '../../presence/follow.tsx'
import type { SharedReading } from '../../trajectory/use-reading.ts'

const peopleMap = (doc: Y.Doc) => doc.getMap('people')
const agentsMap = (doc: Y.Doc) => doc.getMap('agents')
const sessionsMap = (doc: Y.Doc) => doc.getMap('sessions')
const approvalsMap = (doc: Y.Doc) => doc.getMap('approvals')
const metaMap = (doc: Y.Doc) => doc.getMap('meta')

/** Whether there is something to show: live, or as this browser last saw it. */
export const isShown = ({ status }: DocumentState) => status === 'ready' || status === 'kept'

/** Everything the parts of a room are given: its documents, and what is read from them. */
export function useRoom(projectId: ProjectId, sessionId: SessionId | undefined) {
  const me = useMe()
  const project = useDocument({ kind: 'project', projectId })
  const board = useDocument({ kind: 'board', projectId })
  const session = useDocument(sessionId ? { kind: 'session', sessionId } : null)
  const named = useQuery(queryOf(projectCalls.getProject, { params: { id: projectId } }))

  const people = useDocValue(project.doc, readPeople, peopleMap)
  const agents = useDocValue(project.doc, readAgents, agentsMap)
  const sessions = useDocValue(project.doc, readSessions, sessionsMap)
  const approvals = useDocValue(project.doc, readPendingApprovals, approvalsMap)
  const meta = useDocValue(project.doc, readProject, metaMap)
  const sandbox = useDocValue(project.doc, readSandbox, metaMap)
  // The run is named in `meta` and held in `states`, which change together.
  const runs = useDocValue(session.doc, readShownRuns, sessionStates)
  // Whoever follows an agent follows the one that was begun last, of those that go on.
  const run = runs.findLast(isActive) ?? runs.at(-1)
  useDocValue(session.doc, readRunId, sessionMeta)
  const [following, follow] = useState<Followed | null>(null)
  const [reading] = useState<SharedReading>(() => ({
    mine: createStore<Reading | undefined>(undefined),
    theirs: createStore<Reading | undefined>(undefined),
  }))

  // One that was put away, or is older than what the room holds, is asked for by itself.
  const listed = sessions.find((one) => one.id === sessionId)
  const outside = useQuery({
    ...queryOf(sessionCalls.getSession, { params: { id: sessionId as SessionId } }),
    enabled: sessionId !== undefined && listed === undefined && isShown(project) && isShown(session),
  })
  const current = listed ?? (outside.data?.id === sessionId ? outside.data : undefined)

  const knownRole = people.find((person) => person.id === me.id)?.role ?? named.data?.role
  const role: Role = knownRole ?? 'viewer'
  const rights = meta ?? named.data
  const agentsHere = useMemo(
    () =>
      agents.map((agent) => {
        const statuses = sessions.filter((one) => one.run?.agentId === agent.id).map((one) => one.run?.status)
        const state = statuses.includes('waiting') ? ('waiting' as const) : statuses.includes('running') ? ('working' as const) : ('ready' as const)
        return { ...agent, state }
      }),
    [agents, sessions],
  )
  return {
    me,
    role,
    /** Whether this person may write at all, and to the agent. */
    mayWrite: can(role, 'message.send', rights),
    mayAsk: can(role, 'agent.ask'),
    /** False only while the room loads: nobody is told that they may not act before it is known. */
    roleKnown: knownRole !== undefined,
    project,
    board,
    session,
    name: meta?.name ?? named.data?.name ?? '',
    people,
    agents: agentsHere,
    sessions,
    approvals,
    sandbox,
    run,
    runs,
    following,
    follow,
    /** What this person reads in the conversation, and what the one reads whom they follow. */
    reading,
    current,
  }
}

const readRunId = (doc: Y.Doc) => sessionMeta(doc).get('run')

export type Room = ReturnType<typeof useRoom>
