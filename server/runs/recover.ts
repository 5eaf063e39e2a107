import type { ItemId } from '#shared/base/ids.ts'
import { notShown } from '../base/not-shown.ts'
import { dropLiveOf } from '../sessions/project.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { settleSteps } from './settle.ts'
import { changeStep, openSteps } from './store.ts'
import type { StepRow } from './store.ts'

/**
 * Puts a run that was taken over in order, before it goes on. Whatever was under way when its process ended:
 *   a model call            its text so far is kept, marked interrupted; the call is made again
 *   a tool call, idempotent it runs again, with the same idempotency key
 *   any other tool call     it is not run again; model and people are told that its outcome is unknown
 *   not begun, waiting      as it was
 */
export async function recover(x: Execution): Promise<void> {
  const open = await openSteps(x.deps.database.db, x.runId)
  const cut = open.filter((step) => step.status === 'running')
  if (cut.length === 0) return
  await dropOrphans(x, open)
  const again = cut.filter((step) => step.kind === 'tool' && isIdempotent(x, step))
  const lost = cut.filter((step) => !again.includes(step))
  const texts = new Map<ItemId, { text: string; reasoning: string }>()
  for (const step of lost) texts.set(step.itemId, await x.writer.texts(step.itemId))

  const settled = await x.commit(async (tx) => {
    for (const step of again) await changeStep(tx, step.id, { status: 'queued', startedAt: null })
    const now = x.deps.clock.now()
    const models = await settleSteps(tx, x.deps, x.agent, kind(lost, 'model'), texts, {
      status: 'failed',
      code: 'interrupted',
      message: 'The server stopped during this answer.',
    })
    const tools = await settleSteps(tx, x.deps, x.agent, kind(lost, 'tool'), texts, {
      status: 'failed',
      code: 'outcome_unknown',
      message: 'The server stopped while this ran, so its outcome is unknown. It was not run again. Check what it did before repeating it.',
    })
    const names = [...new Set(kind(lost, 'tool').map((step) => step.name))]
    const note = runEvent(x.runId, 'run_recovered', sentence(x.agent.name, names), now, {
      detail: { agent: x.agent.name, ...(names.length > 0 && { tools: names }) },
    })
    const change = (doc: Parameters<typeof models.change>[0]) => {
      models.change(doc)
      tools.change(doc)
    }
    return { value: [...models.approvals, ...tools.approvals], items: [...models.items, ...tools.items, note], change }
  })
  for (const approval of settled) void x.deps.approvals.publish(approval)
}

const kind = (steps: readonly StepRow[], wanted: StepRow['kind']) => steps.filter((step) => step.kind === wanted)

const isIdempotent = (x: Execution, step: StepRow) => x.agent.tools.some((tool) => tool.name === step.name && tool.idempotent)

function sentence(agent: string, lost: readonly string[]): string {
  return `The server restarted. ${agent} is continuing.${lost.length > 0 ? ` The outcome of ${lost.join(', ')} is unknown, and it was not run again.` : ''}`
}

/** Live items without a step: calls whose arguments were still being streamed. */
async function dropOrphans(x: Execution, open: readonly StepRow[]): Promise<void> {
  const kept = new Set(open.map((step) => step.itemId as string))
  try {
    await x.deps.documents.write({ kind: 'session', sessionId: x.sessionId }, (doc) => dropLiveOf(doc, x.runId, kept))
  } catch (error) {
    notShown(x.log, {}, error, 'the session document cannot be written now')
  }
}
