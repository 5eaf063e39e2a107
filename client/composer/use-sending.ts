import type { RefObject } from 'react'
import type { AgentId, ItemId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FilePath } from '#shared/files/path.ts'
import { runCalls } from '#shared/runs/api.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Addressee } from '#shared/sessions/addressing.ts'
import type { MessageMode } from '#shared/sessions/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useSaying } from '../commands/say.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useStored, writeStored } from '../offline/stored.ts'
import { attachmentsOf, draftKey, draftOf, messageOf, takeDraft, type DraftKey } from './drafts.ts'
import { isActive } from './is-active.ts'
import type { ModelWords } from './models.ts'
import type { Outbox } from './outbox.ts'
import { commandNamed } from './slash.ts'
import type { Candidate, Trigger } from './suggest.ts'
import { carryAddressee, type useAddressee } from './use-addressee.ts'
import type { useMode } from './use-mode.ts'

const modelKey = (draft: DraftKey) => `model:${draft}`

type Options = {
  me: UserId
  projectId: ProjectId
  sessionId: SessionId | undefined
  draft: DraftKey
  outbox: Outbox
  run: RunState | undefined
  mayAsk: boolean
  /** There is something to send, and all of it is there. */
  ready: boolean
  mode: ReturnType<typeof useMode>
  addressee: ReturnType<typeof useAddressee>
  candidates(kind: Trigger['kind']): readonly Candidate[]
  modelWords: RefObject<ModelWords | null>
  /** What is written is being sent, and was. */
  onSay(): void
  onSaid(): void
}

/** Puts messages on their way: where there is no session yet, into a new one. The model that was chosen goes with them. */
export function useSending(options: Options) {
  const { me, projectId, sessionId, draft, outbox, run, mayAsk, ready, candidates, modelWords, onSay, onSaid } = options
  const { mode, used } = options.mode
  const { to, settle } = options.addressee
  const { t } = useTranslation('composer')
  const [chosenModel, setModel] = useStored(modelKey(draft))
  const cancel = useCall(runCalls.cancelRun, { failed: t('notStopped') })
  const running = isActive(run)

  const post = (text: string, how: MessageMode | undefined, whom: Addressee | AgentId, attachments: readonly FilePath[] = []) => {
    const model = whom !== 'people' && chosenModel !== null && { model: chosenModel }
    const files = attachments.length > 0 && { attachments: [...attachments] }
    const message = { id: newId<ItemId>('itm'), text, to: whom, ...(how && { mode: how }), ...model, ...files }
    if (sessionId) return outbox.add({ sessionId, message })
    const made = newId<SessionId>('ses')
    const its = draftKey(me, projectId, made)
    carryAddressee(draft, its)
    if (chosenModel !== null) {
      writeStored(modelKey(its), chosenModel)
      setModel(null)
    }
    outbox.add({ sessionId: made, createIn: projectId, message })
  }
  /** Sends what is written, or does it where it is a command. */
  const say = (how: MessageMode | undefined, whom: Addressee) => {
    onSay()
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
    onSaid()
  }
  // What an agent offers as a button goes the way of what is written.
  useSaying(mayAsk, (text) => {
    const how = running ? mode : undefined
    used(how)
    post(text, how, 'agent')
  })
  return {
    chosenModel,
    setModel,
    running,
    interrupting: cancel.isPending,
    post,
    send: () => say(running && to === 'agent' ? mode : undefined, to),
    interrupt() {
      // What is written to people is not for the agent.
      if (to === 'agent' && ready) say('interrupt', 'agent')
      else if (run) cancel.mutate({ params: { id: run.id } })
    },
  }
}
