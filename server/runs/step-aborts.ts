import type { StepId } from '#shared/base/ids.ts'

/** Why a step was aborted. `interrupt`: a person's message; the run goes on. `end`: the run is not ours any more. */
export class StepAborted extends Error {
  override name = 'StepAborted'
  readonly why: 'interrupt' | 'end'
  constructor(why: 'interrupt' | 'end') {
    super(why)
    this.why = why
  }
}

/** A person stopped this one call; the run goes on. */
export class CallStopped extends Error {
  override name = 'CallStopped'
  readonly error: { code: string; message: string }
  constructor(error: { code: string; message: string }) {
    super(error.message)
    this.error = error
  }
}

/** What ends the step that is under way: a message that interrupts, the run's end, or, of a call, somebody who stops it. */
export function createStepAborts() {
  const end = new AbortController()
  let step: AbortController | undefined
  let interrupting = false
  const stoppable = new Map<StepId, AbortController>()

  /** Runs a step that an interrupting message or the run's end aborts. */
  async function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    step = new AbortController()
    const stop = () => step?.abort(new StepAborted('end'))
    end.signal.addEventListener('abort', stop, { once: true })
    try {
      if (end.signal.aborted) throw new StepAborted('end')
      if (interrupting) throw new StepAborted('interrupt')
      return await work(step.signal)
    } catch (error) {
      const reason: unknown = step.signal.reason
      if (step.signal.aborted && reason instanceof StepAborted) throw reason
      throw error
    } finally {
      end.signal.removeEventListener('abort', stop)
      step = undefined
    }
  }

  return {
    abortable,
    /** While `work` goes on the call can be stopped alone. */
    async call(stepId: StepId, work: (stopped: AbortSignal) => Promise<void>): Promise<void> {
      const own = new AbortController()
      stoppable.set(stepId, own)
      await work(own.signal).finally(() => stoppable.delete(stepId))
    },
    stopCall: (stepId: StepId, error: { code: string; message: string }): void => stoppable.get(stepId)?.abort(new CallStopped(error)),
    /** Aborts the step now; the loop then reads the message that interrupts. */
    interrupt(): void {
      interrupting = true
      step?.abort(new StepAborted('interrupt'))
    },
    /** The interrupting messages were read. */
    interrupted(): void {
      interrupting = false
    },
    get interrupting() {
      return interrupting
    },
    /** Stops without another word to the database: somebody else has the run, or it has ended. */
    end: () => end.abort(new StepAborted('end')),
    get ended() {
      return end.signal.aborted
    },
    throwIfEnded(): void {
      if (end.signal.aborted) throw new StepAborted('end')
    },
  }
}
