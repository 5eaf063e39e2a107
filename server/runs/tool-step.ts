import { cutAfter } from '#shared/base/cut.ts'
import type { ItemId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { newId } from '#shared/base/new-id.ts'
import { cleanText } from '../sessions/clean.ts'
import type { NewItem } from '../sessions/store.ts'
import type { Tool, ToolContext, ToolResult } from '../tools/define.ts'
import { parseToolCall } from '../tools/parse.ts'
import { CallStopped } from './execution.ts'
import type { Execution, StepAborted } from './execution.ts'
import { endedCall, openCall } from './state.ts'
import type { CallEnd } from './state.ts'
import { waitsForControl } from './settle.ts'
import { changeStep, openSteps } from './store.ts'
import type { StepRow } from './store.ts'

/** Characters of a call's output that are kept with it; tools keep longer ones aside. */
const maxOutput = 100_000
/** How long an aborted tool may take to end what it started. */
const graceMs = 3_000

/** Ends a call without running it. */
export async function endCall(x: Execution, step: StepRow, end: CallEnd): Promise<void> {
  await x.commit(async (tx) => {
    const now = x.deps.clock.now()
    await changeStep(tx, step.id, { status: end.status, result: end.result, error: end.error ?? null, finishedAt: now })
    return { value: undefined, items: [endedCall(step, x.agent, end, now)] }
  })
}

/**
 * Runs calls side by side (one, unless all of them only read). Each is recorded as started before it starts.
 * @throws StepAborted; its steps are still open then
 */
export async function runCalls(x: Execution, calls: readonly { step: StepRow; tool: Tool }[]): Promise<void> {
  let ready: { step: StepRow; tool: Tool; args: unknown }[] = []
  const titles: string[] = []
  for (const { step, tool } of calls) {
    const parsed = parseToolCall(tool, step.args)
    if (!parsed.ok) {
      await endCall(x, step, { status: 'failed', error: { code: parsed.code, message: parsed.message } })
      continue
    }
    ready.push({ step, tool, args: parsed.args })
    titles.push(parsed.title)
  }
  if (ready.length === 0) return
  await x.abortable(async (signal) => {
    const startedAt = x.deps.clock.now()
    await x.commit(async (tx) => {
      // Since it was chosen the approval of a call may have been taken back: then it waits again.
      const open = ready.some(({ step }) => step.approvalId) ? await openSteps(tx, x.runId) : undefined
      if (open) ready = ready.filter(({ step }) => open.some(({ id, status }) => id === step.id && status === 'queued'))
      for (const { step } of ready) await changeStep(tx, step.id, { status: 'running', startedAt })
      return { value: undefined }
    })
    if (ready.length === 0) return
    ready = ready.map((call) => ({ ...call, step: { ...call.step, startedAt } }))
    for (const { step } of ready) x.writer.begin(openCall(step, x.agent, 'running'))
    x.activity(cutAfter(titles.join(', '), 200))
    signal.throwIfAborted()
    // All of them have ended before anybody settles what is left open.
    const ended = await Promise.allSettled(ready.map((call) => runOne(x, call, signal)))
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  })
}

type Call = { step: StepRow; tool: Tool; args: unknown }

/** One that a person stops ends as cancelled, with what it printed; those beside it go on. */
async function runOne(x: Execution, call: Call, signal: AbortSignal): Promise<void> {
  let output = ''
  await x.call(call.step.id, async (stopped) => {
    try {
      // Stopped before a crash, after which it was to run again.
      if (call.step.error) throw new CallStopped(call.step.error)
      await runCall(x, call, AbortSignal.any([signal, stopped]), (text) => (output += text))
    } catch (error) {
      if (signal.aborted || !(error instanceof CallStopped)) throw error
      x.writer.flush()
      await endCall(x, call.step, { status: 'cancelled', error: error.error, output })
    }
  })
}

async function runCall(x: Execution, { step, tool, args }: Call, signal: AbortSignal, onOutput: (text: string) => void): Promise<void> {
  let output = ''
  let over = false
  const author = { kind: 'agent', id: x.agent.id, name: x.agent.name } as const
  const context: ToolContext = {
    projectId: x.projectId,
    sessionId: x.sessionId,
    runId: x.runId,
    agent: { id: x.agent.id, name: x.agent.name },
    causedBy: x.causedBy,
    idempotencyKey: step.id,
    sandbox: () => x.deps.sandboxes.get(x.projectId),
    documents: x.deps.documents,
    files: x.deps.files,
    desktop: x.deps.desktops.forAgent(x.projectId, { id: x.agent.id, name: x.agent.name, runId: x.runId, sessionId: x.sessionId }),
    ports: () => x.deps.ports.list(x.projectId),
    terminals: {
      list: () => x.deps.terminals.list(x.projectId),
      open: (title) => x.deps.terminals.open(x.projectId, author, { title }),
      type: (id, text) => x.deps.terminals.type(x.projectId, id, author, text),
      read: (id, lines) => x.deps.terminals.text(x.projectId, id, lines),
    },
    python: (code) =>
      x.deps.python.run({
        projectId: x.projectId,
        author,
        code,
        context: 'main',
        call: { sessionId: x.sessionId, runId: x.runId, itemId: step.itemId },
        signal,
        onText: (text) => context.output(text),
      }),
    output(text) {
      if (over || output.length >= maxOutput || text === '') return
      const added = cleanText(cutAfter(text, maxOutput - output.length))
      output += added
      onOutput(added)
      x.writer.grow(step.itemId, 'text', added)
    },
    keep: (name, mime, data) => x.deps.artifacts.keep(x.projectId, name, mime, data),
    signal,
  }
  const result = await raceAbort(execute(x, tool, args, context), signal)
  over = true
  signal.throwIfAborted()
  x.writer.flush()
  if (result.status === 'wait') return 'for' in result ? waitForControl(x, step) : ask(x, step, result.questions)
  const failed = result.status === 'failed'
  await endCall(x, step, {
    status: failed ? 'failed' : 'ok',
    ...(result.value !== undefined && { result: result.value }),
    ...(failed && { error: { code: result.code, message: result.message } }),
    ...(result.artifactId && { artifactId: result.artifactId }),
    output,
  })
}

/** A tool that throws has failed; what it threw is for the log unless it is meant for people. */
async function execute(x: Execution, tool: Tool, args: unknown, context: ToolContext): Promise<ToolResult> {
  try {
    return await tool.execute(args, context)
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason
    if (error instanceof AppError && error.code !== 'internal') return { status: 'failed', code: error.code, message: error.message }
    x.log.error({ err: error, tool: tool.name }, 'a tool failed unexpectedly')
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

/** The call waits for people: their answers become its result. */
async function ask(x: Execution, step: StepRow, questions: Extract<ToolResult, { questions: unknown }>['questions']): Promise<void> {
  await x.commit(async (tx) => {
    const now = x.deps.clock.now()
    const item: NewItem = {
      type: 'question',
      id: newId<ItemId>('itm', now),
      runId: x.runId,
      createdAt: now,
      finishedAt: now,
      author: { kind: 'agent', id: x.agent.id, name: x.agent.name },
      questions,
      status: 'open',
    }
    await changeStep(tx, step.id, { status: 'waiting', result: { questionItemId: item.id } })
    return { value: undefined, items: [item] }
  })
  x.writer.begin(openCall(step, x.agent, 'waiting'))
}

/** The call waits until its agent has control of the desktop, and is run then. */
async function waitForControl(x: Execution, step: StepRow): Promise<void> {
  await x.commit(async (tx) => {
    await changeStep(tx, step.id, { status: 'waiting', startedAt: null, result: waitsForControl })
    return { value: undefined }
  })
  x.writer.begin(openCall(step, x.agent, 'waiting'))
  // It may have come in the meantime, when nothing waited for it yet.
  if (!x.deps.desktops.holdsControl(x.projectId, x.runId)) return
  await x.commit(async (tx) => {
    await changeStep(tx, step.id, { status: 'queued', result: null })
    return { value: undefined }
  })
}
