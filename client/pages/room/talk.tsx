import { useNavigate } from '@tanstack/react-router'
import { MessageSquare } from 'lucide-react'
import { useCallback, useMemo, type Ref } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { demoExamples } from '#shared/models/demo-examples.ts'
import type * as Y from 'yjs'
import { readAgents } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import { agentNames, peopleNames } from '#shared/sessions/mentions.ts'
import { useHues } from '../../theme/hues.tsx'
import { useDocValue } from '../../sync/use-document.ts'
import { AttachZone } from '../../composer/attach-zone.tsx'
import { Dock } from '../../composer/dock.tsx'
import { draftKey, draftOf, patchDraft, type DraftKey } from '../../composer/drafts.ts'
import { uploadsOf } from '../../composer/upload.ts'
import { chooseAddressee } from '../../composer/use-addressee.ts'
import { Trajectory } from '../../trajectory/trajectory.tsx'
import { useAddToPlan } from '../../plan/use-add-to-plan.ts'
import type { OpenPlace, RenderApproval } from '../../trajectory/row-context.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/empty.tsx'
import { MentionMarks, type Marked } from '../../ui/mentions.tsx'
import { RoomApproval } from './room-approval.tsx'
import { isShown, type Room } from './use-room.ts'

type Props = {
  room: Room
  projectId: ProjectId
  sessionId: SessionId | undefined
  /** Shows a part of the workspace; stable between renders. */
  onOpen(place: OpenPlace): void
  dockRef?: Ref<HTMLDivElement>
}

/** The conversation and the dock below it. */
export function Talk({ room, projectId, sessionId, onOpen, dockRef }: Props) {
  const { t } = useTranslation('room')
  const { me, role, session, people } = room
  const navigate = useNavigate()
  const renderApproval = useCallback<RenderApproval>(
    (item, doc, as) => <RoomApproval item={item} doc={doc} me={me} role={role} as={as} people={people} />,
    [me, role, people],
  )
  const draft = draftKey(me.id, projectId, sessionId)
  const openSession = useCallback(
    (id: SessionId) => void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id }, search: true }),
    [navigate, projectId],
  )
  const mayPlan = isShown(room.board) && room.board.access === 'write' && can(role, 'board.write')
  const addToPlan = useAddToPlan(room.board.doc, mayPlan, me.id, sessionId)
  const marked = useMarked(room)
  const empty = (
    <NothingSaid
      room={room}
      onExample={(text) => {
        chooseAddressee(draft, 'agent')
        startDraft(draft, text)
      }}
    />
  )
  return (
    <MentionMarks marked={marked}>
      <AttachZone enabled={can(role, 'file.write') && room.mayAsk} onFiles={(files) => void uploadsOf(draft, projectId).add(files)}>
        {sessionId ? (
          <Trajectory
            key={sessionId}
            doc={session.doc}
            ready={isShown(session)}
            projectId={projectId}
            sessionId={sessionId}
            me={me.id}
            mayAct={can(role, 'question.answer')}
            renderApproval={renderApproval}
            onOpen={onOpen}
            onAddToPlan={addToPlan}
            sharedReading={room.reading}
            onQuote={room.mayWrite ? (text) => quoteInDraft(draft, text) : undefined}
            empty={empty}
          />
        ) : (
          <div role="log" aria-label={t('trajectory')} className="min-h-0 flex-1 overflow-y-auto">
            {empty}
          </div>
        )}
        <div ref={dockRef} className="shrink-0 border-t border-line">
          <Dock
            key={sessionId ?? 'new'}
            doc={session.doc}
            projectDoc={room.project.doc}
            projectId={projectId}
            sessionId={sessionId}
            onSession={openSession}
            runs={room.runs}
            role={role}
            mayWrite={room.mayWrite}
            mayAsk={room.mayAsk}
            roleKnown={room.roleKnown}
            agents={room.agents}
            people={room.people}
            awareness={room.project.awareness}
          />
        </div>
      </AttachZone>
    </MentionMarks>
  )
}

const agentsMap = (doc: Y.Doc) => doc.getMap('agents')

/** Everybody whom a message can mention, as they are marked for this person. */
function useMarked({ people, project, me }: Room): Marked[] {
  const hueOf = useHues()
  // Of a room's agents also what they do is told: here only their names count.
  const agents = useDocValue(project.doc, readAgents, agentsMap)
  return useMemo(() => {
    const named = peopleNames(people).map((one) => ({ ...one, colour: hueOf(one.id), self: one.id === me.id }))
    return [...agentNames(agents), ...named]
  }, [people, agents, me.id, hueOf])
}

/** Names somebody in what is being written. */
export function mention(room: Room, projectId: ProjectId, sessionId: SessionId | undefined, name: string) {
  const draft = draftKey(room.me.id, projectId, sessionId)
  const written = draftOf(draft).get().text
  startDraft(draft, `${written}${written === '' || /\s$/.test(written) ? '' : ' '}@${name} `)
}

/** Puts a quotation below what is written, to be answered. */
function quoteInDraft(draft: DraftKey, quotation: string) {
  const written = draftOf(draft).get().text
  startDraft(draft, `${written === '' ? '' : `${written.trimEnd()}\n\n`}${quotation.trim()}\n\n`)
}

function startDraft(draft: DraftKey, text: string) {
  patchDraft(draft, { text })
  document.querySelector<HTMLTextAreaElement>('#room-message')?.focus()
}

function NothingSaid({ room, onExample }: { room: Room; onExample(text: string): void }) {
  const { t, language } = useTranslation('room')
  const demo = room.agents.some((agent) => agent.demo)
  const { mayAsk, mayWrite } = room
  const watching = room.roleKnown && !mayWrite
  return (
    <div className="flex min-h-full flex-col items-center justify-center py-8">
      <Empty icon={<MessageSquare />} title={t('nothingSaid')} text={watching ? t('watching') : t('nothingSaidText')} className="py-4" />
      {demo && mayAsk && (
        <section aria-label={t('examples')} className="w-full max-w-[420px] px-5">
          <p className="mb-2 flex items-center gap-2 text-small text-fg-3">
            <Badge tone="accent">{t('demoModel')}</Badge>
            {t('examplesWhy')}
          </p>
          <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-raised">
            {demoExamples[language === 'zh-CN' ? 'zh-CN' : 'en'].slice(0, 6).map((example) => (
              <li key={example}>
                <button
                  type="button"
                  onClick={() => onExample(example)}
                  className="w-full px-3 py-2 text-left text-ui text-fg -outline-offset-2 transition-colors duration-(--d-hover) hover:bg-hover"
                >
                  {example}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
