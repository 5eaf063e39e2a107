import { useCallback, useRef } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { useMe } from '../api/me.ts'
import { useEnterSends } from '../commands/enter-sends.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { canSend } from '../sync/saved.ts'
import { useSavedPart } from '../sync/use-document.ts'
import type { AgentId, ProjectId, SessionId } from '#shared/base/ids.ts'
import type { RoomAgent, RoomPerson } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { readItems } from '#shared/sessions/doc.ts'
import { draftKey, patchDraft, useDraft } from './drafts.ts'
import { saidBy } from './history.ts'
import { isActive } from './is-active.ts'
import type { MessageBoxHandle } from './message-box.tsx'
import type { ModelWords } from './models.ts'
import { useTyping } from './typing.tsx'
import { uploadsOf } from './upload.ts'
import { useAddressee } from './use-addressee.ts'
import { useCandidates } from './use-candidates.ts'
import { useDockCommands } from './use-dock-commands.ts'
import { useFilePaths } from './use-file-paths.ts'
import { useMode } from './use-mode.ts'
import { useOpenOnceMade } from './use-open-once-made.ts'
import { useOutbox } from './use-outbox.ts'
import { useSending } from './use-sending.ts'
import { useWritten } from './use-written.ts'

export type DockProps = {
  /** The session's document, and the project's. */
  doc: Y.Doc
  projectDoc: Y.Doc
  projectId: ProjectId
  sessionId: SessionId | undefined
  /** A first message made this session. */
  onSession(id: SessionId): void
  /** Those that go on, in the order in which they began, and perhaps the last one, which has ended. */
  runs: readonly RunState[]
  role: Role
  /** Whether this person may write here, and to the agent; otherwise to people only. */
  mayWrite: boolean
  mayAsk: boolean
  /** False while it is not known yet what this person may do. */
  roleKnown: boolean
  agents: readonly RoomAgent[]
  people: readonly RoomPerson[]
  awareness: Awareness | null
}

const noAgents: readonly RoomAgent[] = []

/** The run of the agent that is written to: the one that goes on, or its last. While no agent is known it may be any. */
const runOf = (runs: readonly RunState[], agentId: AgentId | undefined) => {
  const its = agentId === undefined ? runs : runs.filter((run) => run.agentId === agentId)
  return its.find(isActive) ?? its.at(-1)
}

/** Everything that is known and can be done at the bottom edge, by button, key and palette. */
export function useDock({ doc, projectDoc, projectId, sessionId, onSession, runs, role, mayWrite, mayAsk, ...room }: DockProps) {
  const { roleKnown, agents, people, awareness } = room
  const { t } = useTranslation('composer')
  const me = useMe().id
  const draft = draftKey(me, projectId, sessionId)
  const uploads = uploadsOf(draft, projectId)
  const written = useWritten(draft, uploads)
  const mentions = useDraft(draft, ({ text }) => text.includes('@'))
  const paths = useFilePaths(projectId, projectDoc, mentions)
  const { outbox, entries } = useOutbox(me, useSavedPart(canSend))
  // Whoever writes before their role has arrived means the agent, as nearly everybody may ask it. One who may not is told by the server.
  const mayAddress = mayAsk || !roleKnown
  const addressee = useAddressee({ doc, draft, meId: me, agents, people, mayAsk: mayAddress })
  const agent = agents.find(({ id }) => id === addressee.agentId) ?? agents[0]
  const run = runOf(runs, agent?.id)
  const mode = useMode(run)
  const [enterSends, setEnterSends] = useEnterSends(me)
  const modelWords = useRef<ModelWords>(null)
  const typing = useTyping(awareness, sessionId)
  const box = useRef<MessageBoxHandle>(null)
  const picker = useRef<HTMLInputElement>(null)
  const focus = () => box.current?.focus()
  const attach = () => picker.current?.click()
  const agentName = agent?.name ?? t('theAgent')
  const mayControl = can(role, 'run.control')

  useOpenOnceMade(outbox, sessionId, projectId, onSession)
  const candidates = useCandidates({
    agents: mayAsk ? agents : noAgents,
    people,
    meId: me,
    paths,
    clear: () => patchDraft(draft, { text: '', files: [] }),
    modelWords,
  })
  const sending = useSending({
    me,
    projectId,
    sessionId,
    draft,
    outbox,
    run,
    mayAsk,
    ready: !written.blank && !written.uploading,
    mode,
    addressee,
    candidates,
    modelWords,
    onSay: typing.stop,
    onSaid: focus,
  })
  const armed = useDockCommands({
    run,
    running: sending.running,
    mayControl,
    mayWrite,
    mayAsk,
    enterSends,
    setEnterSends,
    interrupt: sending.interrupt,
    focus,
    attach,
    agentName,
    setMode: mode.setMode,
    setTo: addressee.choose,
    mention: () => box.current?.insert('@'),
  })
  const said = useCallback(() => [...entries.map((entry) => entry.message.text).toReversed(), ...saidBy(readItems(doc), me)], [entries, doc, me])
  const mine = entries.filter((entry) => (sessionId ? entry.sessionId === sessionId : entry.createIn === projectId))
  return {
    written,
    draft,
    uploads,
    outbox,
    mine,
    mode,
    addressee,
    mayAddress,
    enterSends,
    setEnterSends,
    sending,
    armed,
    mayControl,
    run,
    agentName,
    model: agent?.model,
    candidates,
    said,
    modelWords,
    typed: typing.typed,
    box,
    picker,
    focus,
    attach,
  }
}
