import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { notify } from '../base/notify.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { runCalls } from '#shared/runs/api.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { readQueue, sessionQueue } from '#shared/sessions/doc.ts'
import { MessageMode, type NewMessage } from '#shared/sessions/schema.ts'
import { call } from '../base/api.ts'
import { describeError } from '../base/query.ts'
import { readStored, useStored } from '../base/stored.ts'
import { useDocValue } from '../base/use-document.ts'
import type { Present } from '../base/use-presence.ts'
import { mentionsAgent } from './addressee.ts'
import { Composer, type Addressee } from './composer.tsx'
import { isActive, RunBar } from './run-bar.tsx'
import { TypingLine, useTyping } from './typing.tsx'

type Props = {
  doc: Y.Doc
  sessionId: SessionId | undefined
  /** Makes the session when there is none yet, and says which it is. */
  ensureSession(): Promise<SessionId>
  run: RunState | undefined
  role: Role
  /** False while it is not known yet what this person may do. */
  roleKnown: boolean
  agents: readonly RoomAgent[]
  awareness: Awareness | null
  present: readonly Present[]
}

/** How long a first Esc waits for the second. */
const armedMs = 1500

/** The bottom edge: what runs now, and what is said next. */
export function Dock({ doc, sessionId, ensureSession, run, role, roleKnown, agents, awareness, present }: Props) {
  const draftKey = `draft:${sessionId ?? 'new'}`
  const [draft, setDraft] = useStored(draftKey)
  const [storedMode, setMode] = useStored('mode')
  const [chosen, setChosen] = useState<Addressee>()
  const queue = useDocValue(doc, readQueue, sessionQueue)
  const typing = useTyping(awareness, sessionId)
  const text = draft ?? ''
  const running = isActive(run)
  const mode: MessageMode = MessageMode.safeParse(storedMode).data ?? 'steer'
  const agentName = agents[0]?.name ?? 'The agent'
  const alone = !present.some((person) => !person.self)
  const to: Addressee = mentionsAgent(text, agents) ? 'agent' : (chosen ?? (alone ? 'agent' : 'people'))

  // Sent again as it was, a message keeps its id: if it had arrived after all, it is not said twice.
  const unsent = useRef<NewMessage>(null)
  const send = useMutation({
    mutationFn: async (message: NewMessage) => {
      const id = sessionId ?? (await ensureSession())
      return call(sessionCalls.sendMessage, { params: { id }, body: message })
    },
    onSuccess: () => {
      unsent.current = null
      notify.dismiss('unsent')
    },
    onError: (error, message) => {
      unsent.current = message
      // What was written meanwhile stays, below what comes back.
      const since = readStored(draftKey)
      setDraft(since ? `${message.text}\n${since}` : message.text)
      notify.error('Message not sent', { id: 'unsent', description: describeError(error) })
    },
  })
  const cancel = useMutation({
    mutationFn: (active: RunState) => call(runCalls.cancelRun, { params: { id: active.id } }),
    onError: (error) => {
      notify.error('The run did not stop', { description: describeError(error) })
    },
  })

  const say = (how: MessageMode | undefined, whom: Addressee) => {
    typing.stop()
    setDraft(null)
    const said = text.trim()
    const id = unsent.current?.text === said ? unsent.current.id : undefined
    send.mutate({ id: id ?? newId<ItemId>('itm'), text: said, to: whom, ...(how && { mode: how }) })
  }
  const interrupt = () => {
    if (text.trim() !== '') say('interrupt', 'agent')
    else if (run) cancel.mutate(run)
  }
  const mayControl = can(role, 'run.control')
  const armed = useDoubleEscape(running && mayControl, interrupt)

  return (
    <div className="bg-surface">
      {run && (running || run.status === 'failed') && (
        <RunBar run={run} mayControl={mayControl} onInterrupt={interrupt} interrupting={cancel.isPending} armed={armed} />
      )}
      <div className={run && (running || run.status === 'failed') ? '' : 'pt-3'}>
        <Composer
          sessionId={sessionId}
          text={text}
          onText={(next) => {
            setDraft(next === '' ? null : next)
            typing.typed()
          }}
          onSend={() => say(running && to === 'agent' ? mode : undefined, to)}
          sending={send.isPending}
          refused={!roleKnown || can(role, 'message.send') ? undefined : 'You can watch. Ask an owner to let you edit.'}
          running={running}
          mode={mode}
          onMode={setMode}
          to={to}
          onTo={setChosen}
          agentName={agentName}
          queue={queue}
          typing={
            present.some((person) => !person.self && person.typing?.sessionId === sessionId) ? (
              <TypingLine present={present} sessionId={sessionId} />
            ) : undefined
          }
        />
      </div>
    </div>
  )
}

/** Runs `act` when Esc is pressed twice with nothing open that Esc would close. Answers whether the first was pressed. */
function useDoubleEscape(enabled: boolean, act: () => void): boolean {
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return
      if (armed) act()
      setArmed(!armed)
    }
    window.addEventListener('keydown', onKey)
    const timer = armed ? setTimeout(() => setArmed(false), armedMs) : undefined
    return () => {
      window.removeEventListener('keydown', onKey)
      clearTimeout(timer)
    }
  }, [enabled, armed, act])
  return armed && enabled
}
