import type { Execution } from './execution.ts'
import { endedCall } from './state.ts'
import type { CallEnd } from './state.ts'
import { changeStep } from './store.ts'
import type { StepRow } from './store.ts'

/** A call has ended, whether it ran or not: its row and its item say how. */
export async function endCall(execution: Execution, step: StepRow, end: CallEnd): Promise<void> {
  await execution.commit(async (tx) => {
    const now = execution.deps.clock.now()
    await changeStep(tx, step.id, { status: end.status, result: end.result, error: end.error ?? null, finishedAt: now })
    return { value: undefined, items: [endedCall(step, execution.agent, end, now)] }
  })
}
