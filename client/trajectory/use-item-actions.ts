import { useMemo, useRef, useEffect } from 'react'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ItemId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { Item } from '#shared/sessions/items.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { t } from '../i18n/translate.ts'
import { hasCommand, isEdit, isToPeople, linkTo, type ItemActions } from './item-actions.ts'
import { plainTextOf, quoteOf } from './item-text.ts'
import type { RowContext } from './row-context.ts'

/** What other parts of the room do with an item. */
export type ActionHooks = {
  /** Puts a quotation into what is being written. */
  onQuote?: ((markdown: string, item: Item) => void) | undefined
  /** Makes a step of the plan of all that was said: what of it the step says is the plan's to choose. */
  onAddToPlan?: ((text: string, item: Item) => void) | undefined
}

type Options = ActionHooks & {
  projectId: ProjectId
  sessionId: SessionId
  mayAct: boolean
  items: readonly Item[]
  me: UserId
  /** A run goes on. */
  running: boolean
  onOpen?: RowContext['onOpen']
}

/** The same object while what is offered stays the same, so that rows are not drawn again. */
export function useItemActions(options: Options): ItemActions {
  const newest = useRef(options)
  useEffect(() => {
    newest.current = options
  })
  const { mayAct } = options
  const quotes = options.onQuote !== undefined
  const plans = options.onAddToPlan !== undefined && mayAct
  return useMemo(
    () => ({
      copy: (item) => void copied(plainTextOf(item)),
      copyLink: (item) => void copied(linkTo(item.id)),
      quote: quotes ? (item) => newest.current.onQuote?.(quoteOf(plainTextOf(item)), item) : undefined,
      addToPlan: plans ? (item) => newest.current.onAddToPlan?.(plainTextOf(item), item) : undefined,
      ...(mayAct && steps(newest)),
      retry: mayAct ? (item) => void retry(newest.current.sessionId, newest.current.items, item) : undefined,
    }),
    [mayAct, quotes, plans],
  )
}

const stepActions = () => import('./step-actions.ts')

/** Few people press these: what they do is fetched then. */
const steps = (newest: { current: Options }): Pick<ItemActions, 'askAgent' | 'openInTerminal' | 'undoEdit'> => ({
  askAgent(item) {
    if (isToPeople(item)) void import('./ask-agent.ts').then(({ askAgent }) => askAgent(item, newest.current))
  },
  openInTerminal(item) {
    const { projectId, onOpen } = newest.current
    if (!hasCommand(item)) return
    void stepActions()
      .then(({ openInTerminal }) => openInTerminal(projectId, item))
      .then((opened) => opened && onOpen?.({ tab: 'terminal' }))
  },
  undoEdit(item) {
    if (isEdit(item)) void stepActions().then(({ undoEdit }) => undoEdit(newest.current.sessionId, item))
  },
})

async function copied(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify(t('common:copied'), { id: 'copied' })
  } catch {
    notify.error(t('trajectory:notCopied'), { id: 'copied' })
  }
}

/** Says again to the agent what the run was asked, of the same model; the document holds it, or the server does. */
async function retry(sessionId: SessionId, items: readonly Item[], item: Item): Promise<void> {
  try {
    const asked = askedIn(items, item) ?? askedIn(await before(sessionId, item), item)
    if (!asked) {
      notify.error(t('trajectory:nothingToRetry'), { id: 'retry' })
      return
    }
    await call(sessionCalls.sendMessage, { params: { id: sessionId }, body: { id: newId<ItemId>('itm'), to: 'agent', ...asked } })
  } catch (error) {
    notify.error(t('trajectory:retryFailed'), { id: 'retry', description: describeError(error) })
  }
}

function askedIn(items: readonly Item[], of: Item): { text: string; model?: string } | undefined {
  const asked = items.findLast((one) => one.type === 'message' && one.author.kind === 'user' && one.runId === of.runId && one.seq < of.seq)
  if (asked?.type !== 'message') return undefined
  return { text: asked.text, ...(asked.model !== undefined && { model: asked.model }) }
}

async function before(sessionId: SessionId, item: Item): Promise<Item[]> {
  const page = await call(sessionCalls.listItems, { params: { id: sessionId }, query: { before: item.seq, limit: 200 } })
  return page.items.toReversed()
}
