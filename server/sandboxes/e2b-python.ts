import type { Sandbox as E2bSandbox } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import { boundsOf } from './bounded-sdk.ts'
import type { LocalAccess } from './e2b-ports.ts'
import type { PythonOptions, PythonOutcome, PythonResult, Sandbox } from './port.ts'
import { pythonCalls } from './python-calls.ts'
import type { PythonLine } from './python-calls.ts'

const requestTimeoutMs = 30_000

type Deps = { sandbox: E2bSandbox; local: LocalAccess | undefined; attempt<T>(what: string, work: () => Promise<T>): Promise<T>; hold(): () => void }

/** Cells through the code interpreter. */
export function pythonOf({ sandbox, local, attempt, hold }: Deps): Sandbox['python'] {
  const calls = pythonCalls(sandbox, local)
  /** After an interrupt a cell has this long to end by itself before its context is started anew, and then again before it is given up. */
  const graceMs = boundsOf(sandbox).patience.headMs / 5
  let usual: string | undefined

  /** The host has a default context without a name; one of our own can be interrupted and restarted. */
  async function usualContext(): Promise<string> {
    if (local) return 'default'
    usual ??= (await calls.create(undefined)).id
    return usual
  }

  /** Jupyter's own call, inside, where the interpreter has none. */
  async function interrupt(id: string): Promise<void> {
    if (local) return calls.interrupt(id)
    const url = `http://localhost:8888/api/kernels/${encodeURIComponent(id)}/interrupt`
    await sandbox.commands.run(`curl -fsS -X POST '${url}'`, { timeoutMs: 10_000, requestTimeoutMs })
  }

  async function run(code: string, options: PythonOptions): Promise<PythonOutcome> {
    const id = options.contextId ?? (await usualContext())
    const state: { interrupted: boolean; timedOut: boolean; outcome: PythonOutcome['error'] } = {
      interrupted: false,
      timedOut: false,
      outcome: undefined,
    }
    const given = new AbortController()
    let forced: NodeJS.Timeout | undefined
    const stop = () => {
      if (state.interrupted) return
      state.interrupted = true
      void interrupt(id).catch(() => undefined)
      forced = setTimeout(() => {
        void calls.restart(id).catch(() => undefined)
        forced = setTimeout(() => given.abort(new AppError('sandbox_failed', 'Python does not stop. Restart the sandbox.')), graceMs)
      }, graceMs)
    }
    const timer = options.timeoutMs
      ? setTimeout(() => {
          state.timedOut = true
          stop()
        }, options.timeoutMs)
      : undefined
    options.signal?.addEventListener('abort', stop, { once: true })
    if (options.signal?.aborted) stop()
    const release = hold()
    try {
      let executionCount: number | undefined
      for await (const line of calls.execute(code, id, given.signal)) {
        if (line.type === 'stdout') await options.onStdout?.(line.text)
        else if (line.type === 'stderr') await options.onStderr?.(line.text)
        else if (line.type === 'result') await options.onResult?.(formsOf(line))
        else if (line.type === 'number_of_executions') executionCount = line.execution_count
        else {
          const { name, value, traceback } = line
          state.outcome = { name, value, traceback }
          await options.onError?.(state.outcome)
        }
      }
      return {
        ...(state.outcome && { error: state.outcome }),
        executionCount,
        interrupted: state.interrupted && state.outcome !== undefined,
        timedOut: state.timedOut && state.outcome !== undefined,
      }
    } catch (thrown) {
      throw given.signal.aborted ? given.signal.reason : thrown
    } finally {
      clearTimeout(timer)
      clearTimeout(forced)
      options.signal?.removeEventListener('abort', stop)
      release()
    }
  }

  return {
    run: (code, options = {}) => {
      if (options.signal?.aborted) return Promise.reject(new AppError('sandbox_failed', 'The cell was stopped before it started.'))
      return attempt('run the cell', () => run(code, options))
    },
    contexts: () => attempt('list the contexts', calls.contexts),
    createContext: (options = {}) => attempt('make a context', () => calls.create(options.cwd)),
    removeContext: (id) => attempt('remove the context', () => calls.remove(id)),
    restart: (id) => attempt('restart Python', async () => calls.restart(id ?? (await usualContext()))),
    interrupt: (id) => attempt('interrupt Python', async () => interrupt(id ?? (await usualContext()))),
  }
}

function formsOf({ type: _type, is_main_result: isMain, text, json, ...others }: Extract<PythonLine, { type: 'result' }>): PythonResult {
  return {
    isMain,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    ...(text !== undefined && { text: nameOfObject(text) }),
    ...(json !== undefined && json !== null && { json }),
  }
}

/** A value that says nothing of itself has Python's words and its address as its text: its class is what a person can use. */
const nameOfObject = (text: string) => /^<(?:[\w.]+\.)?(\w+) object at 0x[0-9a-f]+>$/i.exec(text)?.[1]?.concat(' object') ?? text
