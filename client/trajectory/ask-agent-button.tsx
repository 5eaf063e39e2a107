import { Check } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { readActiveRuns, readItems, readQueue, sessionItems, sessionQueue, sessionStates } from '#shared/sessions/doc.ts'
import type { MessageItem } from '#shared/sessions/items.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { AgentMark } from '../ui/marks.tsx'
import type { RowContext } from './row-context.ts'

type Props = { item: MessageItem; context: RowContext }

/** Offered on what was said to people while a run goes on: they may have meant the agent, or want it to know. */
export default function AskAgentButton({ item, context: { doc, sessionId, me } }: Props) {
  const { t } = useTranslation('trajectory')
  const [run] = useDocValue(doc, readActiveRuns, sessionStates)
  const answersIt = useCallback(
    (from: Y.Doc) => readItems(from).some((one) => one.type === 'message' && one.to === 'agent' && one.replyTo === item.id),
    [item.id],
  )
  const waits = useCallback((from: Y.Doc) => readQueue(from).some((one) => one.replyTo === item.id), [item.id])
  const read = useDocValue(doc, answersIt, sessionItems)
  const queued = useDocValue(doc, waits, sessionQueue)
  const [asking, setAsking] = useState(false)
  if (!run || item.createdAt < run.createdAt) return null
  if (read || queued) {
    return (
      <p className="mt-1 flex items-center gap-1.5 text-small text-fg-3">
        <Check size={13} aria-hidden />
        {t('ask.asked', { agent: run.agentName })}
      </p>
    )
  }
  return (
    <p className="mt-1.5">
      <Button
        busy={asking}
        title={t('ask.title', { agent: run.agentName })}
        onClick={() => {
          setAsking(true)
          void import('./ask-agent.ts').then(({ askAgent }) => askAgent(item, { sessionId, me, running: true })).finally(() => setAsking(false))
        }}
      >
        <AgentMark id={run.agentId} size="small" />
        {t('ask.ask', { agent: run.agentName })}
      </Button>
    </p>
  )
}
