import { cutAfter } from '#shared/base/cut.ts'
import { AppError } from '#shared/base/errors.ts'
import { cleanText } from '../sessions/clean.ts'
import type { Tool, ToolContext, ToolResult } from '../tools/define.ts'
import { parseToolCall } from '../tools/parse.ts'
import type { Execution } from './execution.ts'
import { CallStopped, type StepAborted } from './step-aborts.ts'
import { openCall } from './state.ts'
import { endCall } from './end-call.ts'
import { changeStep, openSteps } from './store.ts'
import { putToWait } from './put-to-wait.ts'
import type { StepRow } from './store.ts'

/** Characters of a call's output that are kept with it; tools keep longer ones aside. */
const maxOutput = 100_000
/** How long an aborted tool may take to end what it started. */
const graceMs = 3_000

/**
 * Runs calls side by side (one, unless all of them only read). Each is recorded as started before it starts.
 * @throws StepAborted; its steps are still open then
 */
export async function runCalls(execution: Execution, calls: readonly { step: StepRow; tool: Tool }[]): Promise<void> {
  let ready: { step: StepRow; tool: Tool; args: unknown }[] = []
  const titles: string[] = []
  for (const { step, tool } of calls) {
    const parsed = parseToolCall(tool, step.args)
    if (!parsed.ok) {
      await endCall(execution, step, { status: 'failed', error: { code: parsed.code, message: parsed.message } })
      continue
    }
    ready.push({ step, tool, args: parsed.args })
    titles.push(parsed.title)
  }
  if (ready.length === 0) return
  await execution.steps.abortable(async (signal) => {
    const startedAt = execution.deps.clock.now()
    await execution.commit(async (tx) => {
      // Since it was chosen the approval of a call may have been taken back: then it waits again.
      const open = ready.some(({ step }) => step.approvalId) ? await openSteps(tx, execution.runId) : undefined
      if (open) ready = ready.filter(({ step }) => open.some(({ id, status }) => id === step.id && status === 'queued'))
      for (const { step } of ready) await changeStep(tx, step.id, { status: 'running', startedAt })
      return { value: undefined }
    })
    if (ready.length === 0) return
    ready = ready.map((call) => ({ ...call, step: { ...call.step, startedAt } }))
    for (const { step } of ready) execution.writer.begin(openCall(step, execution.agent, 'running'))
    execution.activity(cutAfter(titles.join(', '), 200))
    signal.throwIfAborted()
    // Every call has ended before the steps that are still open are closed.
    const ended = await Promise.allSettled(ready.map((call) => runOne(execution, call, signal)))
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  })
}

type Call = { step: StepRow; tool: Tool; args: unknown }

/** One that a person stops ends as cancelled, with what it printed; those beside it go on. */
async function runOne(execution: Execution, call: Call, signal: AbortSignal): Promise<void> {
  let output = ''
  await execution.steps.call(call.step.id, async (stopped) => {
    try {
      // A person stopped it before a crash: it does not run again.
      if (call.step.error) throw new CallStopped(call.step.error)
      await runCall(execution, call, AbortSignal.any([signal, stopped]), (text) => (output += text))
    } catch (error) {
      if (signal.aborted || !(error instanceof CallStopped)) throw error
      execution.writer.flush()
      await endCall(execution, call.step, { status: 'cancelled', error: error.error, output })
    }
  })
}

async function runCall(execution: Execution, { step, tool, args }: Call, signal: AbortSignal, onOutput: (text: string) => void): Promise<void> {
  let output = ''
  let over = false
  const context: ToolContext = {
    projectId: execution.projectId,
    sessionId: execution.sessionId,
    runId: execution.runId,
    itemId: step.itemId,
    stepId: step.id,
    agent: { id: execution.agent.id, name: execution.agent.name },
    causedBy: execution.causedBy,
    output(text) {
      if (over || output.length >= maxOutput || text === '') return
      const added = cleanText(cutAfter(text, maxOutput - output.length))
      output += added
      onOutput(added)
      execution.writer.grow(step.itemId, 'text', added)
    },
    keep: (name, mime, data) => execution.deps.artifacts.keep(execution.projectId, name, mime, data),
    signal,
  }
  const result = await raceAbort(execute(execution, tool, args, context), signal)
  over = true
  signal.throwIfAborted()
  execution.writer.flush()
  if (result.status === 'wait') return putToWait(execution, step, result)
  const failed = result.status === 'failed'
  await endCall(execution, step, {
    status: failed ? 'failed' : 'ok',
    ...(result.value !== undefined && { result: result.value }),
    ...(failed && { error: { code: result.code, message: result.message } }),
    ...(result.artifactId && { artifactId: result.artifactId }),
    output,
  })
}

/** A tool that throws has failed; what it threw is for the log unless it is meant for people. */
async function execute(execution: Execution, tool: Tool, args: unknown, context: ToolContext): Promise<ToolResult> {
  try {
    return await tool.execute(args, context)
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason
    if (error instanceof AppError && error.code !== 'internal') return { status: 'failed', code: error.code, message: error.message }
    execution.log.error({ err: error, tool: tool.name }, 'a tool failed unexpectedly')
    return { status: 'failed', code: 'internal', message: 'The tool failed unexpectedly.' }
  }
}

/** The work, or the abort's reason once the work had its time to stop. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let listener: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    listener = () => {
      timer = setTimeout(() => reject(signal.reason as StepAborted), graceMs)
    }
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    clearTimeout(timer)
    if (listener) signal.removeEventListener('abort', listener)
    work.catch(() => undefined)
  }
}
