import type { ItemId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ModelError } from '../models/errors.ts'
import type { ProviderDetails, ModelEvent, ModelRequest } from '../models/port.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import { openCall, openMessage } from './state.ts'
import type { BegunTurn } from './turn.ts'

/** Bounds on one answer, so that a server gone wild cannot fill the room. */
const maxAnswerChars = 2_000_000
const maxCalls = 64

export type AskedCall = {
  callId: string
  name: string
  rawArgs: string
  itemId: ItemId
  stepId: StepId
  createdAt: number
  details?: ProviderDetails
}
/** `isCut`: it was as long as an answer may be, and is not whole. */
export type Answer = { text: string; reasoning: string; calls: AskedCall[]; isCut: boolean } & Tokens
type Tokens = Omit<Extract<ModelEvent, { type: 'usage' }>, 'type'>

/**
 * One streamed answer, live in the trajectory while it comes.
 * @throws ModelError when the model failed for good, StepAborted when a person or the run's end cut it off
 */
export async function streamAnswer(execution: Execution, begun: BegunTurn, request: ModelRequest, signal: AbortSignal): Promise<Answer> {
  const { runId, agent, writer } = execution
  const message = openMessage(begun.itemId, runId, agent, begun.createdAt, begun.model)
  const calls = new Map<number, AskedCall>()
  let text = ''
  let reasoning = ''
  let begunMessage = false
  let isCut = false
  let chars = 0
  let usage: Tokens = { inputTokens: 0, outputTokens: 0 }
  execution.activity('Thinking')

  const grow = (added: string) => {
    chars += added.length
    if (chars > maxAnswerChars) throw new ModelError('bad_answer', 'The model’s answer was longer than 2 million characters and was stopped.')
  }
  const showMessage = () => {
    if (!begunMessage) writer.begin(message)
    begunMessage = true
  }

  for await (const event of execution.deps.model.stream(request, signal)) {
    signal.throwIfAborted()
    switch (event.type) {
      case 'text':
        if (event.text === '') break
        grow(event.text)
        if (text === '') execution.activity('Writing')
        showMessage()
        text += event.text
        writer.grow(begun.itemId, 'text', event.text, { type: 'text', runId, itemId: begun.itemId, agentId: agent.id, text: event.text })
        break
      case 'reasoning':
        grow(event.text)
        showMessage()
        reasoning += event.text
        writer.grow(begun.itemId, 'reasoning', event.text)
        break
      case 'tool_call_chunk': {
        grow(event.args)
        const call = calls.get(event.index) ?? beginCall(execution, begun, calls, event)
        call.rawArgs += event.args
        if (event.args === '') break
        writer.grow(call.itemId, 'args', event.args, { type: 'tool_call_chunk', runId, itemId: call.itemId, name: call.name, chunk: event.args })
        break
      }
      case 'details': {
        const call = calls.get(event.index)
        if (call) call.details = event.details
        break
      }
      case 'usage': {
        const { type: _, ...tokens } = event
        usage = tokens
        break
      }
      case 'retry':
        await showRetry(execution, event)
        break
      case 'done':
        isCut = event.finish === 'length'
        break
    }
  }
  signal.throwIfAborted()
  return { text, reasoning, calls: [...calls.entries()].sort(([a], [b]) => a - b).map(([, call]) => call), isCut, ...usage }
}

function beginCall(
  execution: Execution,
  begun: BegunTurn,
  calls: Map<number, AskedCall>,
  chunk: { index: number; id: string; name: string },
): AskedCall {
  if (calls.size >= maxCalls) throw new ModelError('bad_answer', `The model asked for more than ${maxCalls} tools at once.`)
  // One after the other in the trajectory, also when they begin in the same millisecond.
  const createdAt = execution.deps.clock.now()
  const call: AskedCall = {
    callId: chunk.id,
    name: chunk.name,
    rawArgs: '',
    itemId: newId<ItemId>('itm', createdAt),
    stepId: newId<StepId>('stp', createdAt),
    createdAt,
  }
  calls.set(chunk.index, call)
  const step = {
    id: call.stepId,
    runId: execution.runId,
    itemId: call.itemId,
    name: call.name,
    args: null,
    approvalId: null,
    createdAt,
    turn: begun.turn,
    callId: call.callId,
  }
  execution.writer.begin(openCall(step, execution.agent, 'queued'))
  return call
}

async function showRetry(execution: Execution, { attempt, inMs, reason }: { attempt: number; inMs: number; reason: string }): Promise<void> {
  const seconds = Math.max(1, Math.round(inMs / 1000))
  execution.activity(`Retrying in ${seconds} s`)
  const text = `The model service did not respond (${reason}). Retry ${attempt} in ${seconds} s.`
  await execution.commit(async () => ({
    value: undefined,
    items: [runEvent(execution.runId, 'model_retry', text, execution.deps.clock.now(), { detail: { reason, attempt, inMs } })],
  }))
}
