import { useMutation } from '@tanstack/react-query'
import { Suspense, useCallback, useEffect, useMemo, useRef, useSyncExternalStore, type RefObject } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { RoomAgent, RoomPerson } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { runCalls } from '#shared/runs/api.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { readItems, readQueue, sessionQueue } from '#shared/sessions/doc.ts'
import type { Addressee } from '#shared/sessions/addressing.ts'
import type { MessageMode } from '#shared/sessions/schema.ts'
import { call } from '../api/api.ts'
import { offeredCommands } from '../commands/commands.ts'
import { useEnterSends } from '../commands/enter-sends.ts'
import { useMe } from '../api/me.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { useStored, writeStored } from '../offline/stored.ts'
import { canSend } from '../sync/saved.ts'
import { useSaying } from '../commands/say.ts'
import { useDocValue, useSavedPart } from '../sync/use-document.ts'
import { Composer } from './composer.tsx'
import { attachmentsOf, draftKey, draftOf, messageOf, patchDraft, returnDraft, takeDraft, useDraft } from './drafts.ts'
import { saidBy } from './history.ts'
import type { MessageBoxHandle } from './message-box.tsx'
import type { ModelWords } from './models.ts'
import { isActive } from './is-active.ts'
import { commandNamed, slashCandidates } from './slash.ts'
import type { Candidate, Trigger } from './suggest.ts'
import { useTyping } from './typing.tsx'
import { uploadsOf } from './upload.ts'
import { carryAddressee, useAddressee } from './use-addressee.ts'
import { useDockCommands } from './use-dock-commands.ts'
import { useFilePaths } from './use-file-paths.ts'
import { useMode } from './use-mode.ts'
import { useOutbox } from './use-outbox.ts'

const RunBar = lazy(async () => ({ default: (await import('./run-bar.tsx')).RunBar }))
const OutboxList = lazy(async () => ({ default: (await import('./outbox-list.tsx')).OutboxList }))

type Props = {
  /** The session's document, and the project's. */
  doc: Y.Doc
  projectDoc: Y.Doc
  projectId: ProjectId
  sessionId: SessionId | undefined
  /** A first message made this session. */
  onSession(id: SessionId): void
  run: RunState | undefined
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

/** The bottom edge: what runs now, and what is said next. */
export function Dock(props: Props) {
  const { doc, projectDoc, projectId, sessionId, onSession, run, role, mayWrite, mayAsk, roleKnown, agents, people, awareness } = props
  const { t } = useTranslation('composer')
  const me = useMe()
  const draft = draftKey(me.id, projectId, sessionId)
  const uploads = uploadsOf(draft, projectId)
  const uploading = useSyncExternalStore(uploads.list.subscribe, uploads.list.get).some((one) => one.problem === undefined)
  const blank = useDraft(draft, ({ text, files }) => text.trim() === '' && files.length === 0)
  const paths = useFilePaths(
    projectId,
    projectDoc,
    useDraft(draft, ({ text }) => text.includes('@')),
  )
  const { outbox, entries } = useOutbox(me.id, useSavedPart(canSend))
  const { mode, setMode, used } = useMode(run)
  // Whoever writes before their role has arrived means the agent, as nearly everybody may ask it. One who may not is told by the server.
  const mayAddress = mayAsk || !roleKnown
  const { to, switched, mentioned, choose, settle } = useAddressee({ doc, draft, meId: me.id, agents, people, mayAsk: mayAddress })
  const [enterSends, setEnterSends] = useEnterSends(me.id)
  const [chosenModel, setModel] = useStored(`model:${draft}`)
  const modelWords = useRef<ModelWords>(null)
  const queue = useDocValue(doc, readQueue, sessionQueue)
  const typing = useTyping(awareness, sessionId)
  const box = useRef<MessageBoxHandle>(null)
  const picker = useRef<HTMLInputElement>(null)

  const running = isActive(run)
  const agentName = agents[0]?.name ?? t('theAgent')
  const mayControl = can(role, 'run.control')
  const mine = entries.filter((entry) => (sessionId ? entry.sessionId === sessionId : entry.createIn === projectId))

  useOpenOnceMade(outbox, sessionId, projectId, onSession)
  const cancel = useMutation({
    mutationFn: (active: RunState) => call(runCalls.cancelRun, { params: { id: active.id } }),
    onError: (error) => {
      notify.error(t('notStopped'), { description: describeError(error) })
    },
  })

  const post = (text: string, how: MessageMode | undefined, whom: Addressee, attachments: readonly FilePath[] = []) => {
    const model = whom === 'agent' && chosenModel !== null && { model: chosenModel }
    const files = attachments.length > 0 && { attachments: [...attachments] }
    const message = { id: newId<ItemId>('itm'), text, to: whom, ...(how && { mode: how }), ...model, ...files }
    const made = sessionId ? undefined : newId<SessionId>('ses')
    if (made) carryAddressee(draft, draftKey(me.id, projectId, made))
    if (made && chosenModel !== null) {
      writeStored(`model:${draftKey(me.id, projectId, made)}`, chosenModel)
      setModel(null)
    }
    outbox.add(made ? { sessionId: made, createIn: projectId, message } : { sessionId: sessionId as SessionId, message })
  }
  const candidates = useCandidates({
    agents: mayAsk ? agents : noAgents,
    people,
    meId: me.id,
    paths,
    clear: () => patchDraft(draft, { text: '', files: [] }),
    modelWords,
  })
  const say = (how: MessageMode | undefined, whom: Addressee) => {
    typing.stop()
    const { text } = draftOf(draft).get()
    const model = modelWords.current?.take(text)
    if (model === 'unknown') return
    const command = commandNamed(text, candidates('command'))
    const taken = takeDraft(draft)
    if (command?.run) command.run()
    else if (!model) {
      settle()
      used(how)
      post(messageOf(taken), how, whom, attachmentsOf(taken))
    }
    box.current?.focus()
  }
  // What an agent offers as a button goes the way of what is written.
  useSaying(mayAsk, (text) => {
    const how = running ? mode : undefined
    used(how)
    post(text, how, 'agent')
  })
  const send = () => say(running && to === 'agent' ? mode : undefined, to)
  const interrupt = () => {
    // What is written to people is not for the agent.
    if (to === 'agent' && !blank && !uploading) say('interrupt', 'agent')
    else if (run) cancel.mutate(run)
  }
  const armed = useDockCommands({
    run,
    running,
    mayControl,
    mayWrite,
    mayAsk,
    enterSends,
    setEnterSends,
    interrupt,
    focus: () => box.current?.focus(),
    attach: () => picker.current?.click(),
    agentName,
    setMode,
    setTo: choose,
    mention: () => box.current?.insert('@'),
  })
  const said = useCallback(
    () => [...entries.map((entry) => entry.message.text).toReversed(), ...saidBy(readItems(doc), me.id)],
    [entries, doc, me.id],
  )

  return (
    <div className="bg-surface">
      <Suspense fallback={<div className={running ? 'h-(--h-bar)' : 'h-3'} />}>
        <RunBar
          doc={doc}
          run={run}
          mayControl={mayControl}
          onInterrupt={interrupt}
          interrupting={cancel.isPending}
          armed={armed}
          onSay={(text) => post(text, undefined, 'agent')}
        />
      </Suspense>
      {mine.length > 0 && (
        <Suspense>
          <OutboxList
            entries={mine}
            onRetry={(id) => outbox.retry(id)}
            onDiscard={(id) => outbox.remove(id)}
            onEdit={(entry) => {
              outbox.remove(entry.message.id)
              returnDraft(draft, { text: entry.message.text, files: [] })
              box.current?.focus()
            }}
          />
        </Suspense>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => {
          void uploads.add([...(event.target.files ?? [])])
          event.target.value = ''
          box.current?.focus()
        }}
      />
      <Composer
        sessionId={sessionId}
        draft={draft}
        uploads={uploads}
        blank={blank}
        uploading={uploading}
        onTyped={typing.typed}
        onSend={send}
        onAttach={() => picker.current?.click()}
        onFiles={(files, pasted) => void uploads.add(files, pasted)}
        onInsert={(sign) => box.current?.insert(sign)}
        candidates={candidates}
        said={said}
        box={box}
        refused={!roleKnown || mayWrite ? undefined : t('watching')}
        running={running}
        mode={mode}
        onMode={setMode}
        to={to}
        onTo={choose}
        mayAsk={mayAddress}
        switched={switched}
        mentioned={mentioned}
        enterSends={enterSends}
        onEnterSends={setEnterSends}
        agentName={agentName}
        model={agents[0]?.model}
        chosenModel={chosenModel ?? undefined}
        onModel={(id) => setModel(id ?? null)}
        modelWords={modelWords}
        queue={queue}
      />
    </div>
  )
}

const noAgents: readonly RoomAgent[] = []

/** A message written where there was no session made one: go there as soon as it is the server's. */
function useOpenOnceMade(
  outbox: ReturnType<typeof useOutbox>['outbox'],
  here: SessionId | undefined,
  projectId: ProjectId,
  open: (id: SessionId) => void,
) {
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

type Sources = {
  agents: readonly RoomAgent[]
  people: readonly RoomPerson[]
  meId: string
  paths(): readonly string[]
  clear(): void
  modelWords: RefObject<ModelWords | null>
}

/** What `@` and `/` offer here. */
function useCandidates({ agents, people, meId, paths, clear, modelWords }: Sources) {
  const { t } = useTranslation('composer')
  const clearing = useRef(clear)
  useEffect(() => {
    clearing.current = clear
  })
  return useMemo(
    () =>
      (kind: Trigger['kind']): readonly Candidate[] => {
        if (kind === 'command')
          return [...slashCandidates(offeredCommands.get().flat(), t, () => clearing.current()), ...(modelWords.current?.candidates() ?? [])]
        return [
          ...agents.map(({ id, name, model }) => ({ id, kind: 'agent' as const, label: name, detail: model, insert: `@${name}` })),
          ...people.filter((one) => one.id !== meId).map(({ id, name }) => ({ id, kind: 'person' as const, label: name, insert: `@${name}` })),
          ...paths().map((path) => ({ id: `file ${path}`, kind: 'file' as const, label: path, insert: `\`${path}\`` })),
        ]
      },
    [agents, people, meId, paths, modelWords, t],
  )
}
