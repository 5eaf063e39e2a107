import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { closeSteps } from './close-steps.ts'
import { changeStep, openSteps } from './store.ts'
import type { StepRow } from './store.ts'

/**
 * Puts a run that was taken over in order, before it goes on. Whatever was under way when its process ended:
 *   a model call            its text so far is kept, marked interrupted; the call is made again
 *   a tool call, idempotent it runs again, with the same idempotency key
 *   any other tool call     it is not run again; model and people are told that its outcome is unknown
 *   not begun, waiting      as it was
 */
export async function recover(execution: Execution): Promise<void> {
  const open = await openSteps(execution.deps.database.db, execution.runId)
  const cut = open.filter((step) => step.status === 'running')
  if (cut.length === 0) return
  await dropOrphans(execution, open)
  const again = cut.filter((step) => step.kind === 'tool' && isIdempotent(execution, step))
  const lost = cut.filter((step) => !again.includes(step))
  const texts = await execution.liveTexts()

  await execution.commit(async (tx) => {
    for (const step of again) await changeStep(tx, step.id, { status: 'queued', startedAt: null })
    const now = execution.deps.clock.now()
    const models = await closeSteps(tx, execution.deps, execution.agent, kind(lost, 'model'), texts, {
      status: 'failed',
      code: 'interrupted',
      message: 'The server stopped during this answer.',
    })
    const tools = await closeSteps(tx, execution.deps, execution.agent, kind(lost, 'tool'), texts, {
      status: 'failed',
      code: 'outcome_unknown',
      message: 'The server stopped while this ran, so its outcome is unknown. It was not run again. Check what it did before repeating it.',
    })
    const names = [...new Set(kind(lost, 'tool').map((step) => step.name))]
    const note = runEvent(execution.runId, 'run_recovered', sentence(execution.agent.name, names), now, {
      detail: { agent: execution.agent.name, ...(names.length > 0 && { tools: names }) },
    })
    return {
      value: undefined,
      items: [...models.items, ...tools.items, note],
      changes: [...models.changes, ...tools.changes],
      approvals: [...models.approvals, ...tools.approvals],
    }
  })
}

const kind = (steps: readonly StepRow[], wanted: StepRow['kind']) => steps.filter((step) => step.kind === wanted)

const isIdempotent = (execution: Execution, step: StepRow) => execution.agent.tools.some((tool) => tool.name === step.name && tool.idempotent)

function sentence(agent: string, lost: readonly string[]): string {
  return `The server restarted. ${agent} is continuing.${lost.length > 0 ? ` The outcome of ${lost.join(', ')} is unknown, and it was not run again.` : ''}`
}

/** Live items without a step: calls whose arguments were still being streamed. */
async function dropOrphans(execution: Execution, open: readonly StepRow[]): Promise<void> {
  const kept = open.map((step) => step.itemId)
  await execution.deps.sessions.publish.show(execution.sessionId, [{ kind: 'dropped_of_run', runId: execution.runId, kept }])
}
