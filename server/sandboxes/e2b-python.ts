import type { Result, Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { AppError } from '#shared/base/errors.ts'
import type { LocalAccess } from './e2b-ports.ts'
import type { PythonOptions, PythonOutcome, PythonResult, Sandbox } from './port.ts'

const requestTimeoutMs = 30_000
/** After an interrupt a cell has this long to end by itself before its context is started anew. */
const graceMs = 5000

type Deps = { sandbox: CodeSandbox; local: LocalAccess | undefined; attempt<T>(what: string, work: () => Promise<T>): Promise<T>; hold(): () => void }

/** Cells through the code interpreter. */
export function pythonOf({ sandbox, local, attempt, hold }: Deps): Sandbox['python'] {
  let usual: string | undefined

  /** The host has a default context without a name; one of our own can be interrupted and restarted. */
  async function usualContext(): Promise<string> {
    if (local) return 'default'
    usual ??= (await sandbox.createCodeContext({ requestTimeoutMs })).id
    return usual
  }

  /** Jupyter's own call, inside, where the interpreter has none. */
  async function interrupt(id: string): Promise<void> {
    if (local) {
      const answer = await fetch(`${local.url}/contexts/${encodeURIComponent(id)}/interrupt`, {
        method: 'POST',
        redirect: 'error',
        headers: { 'E2b-Sandbox-Id': sandbox.sandboxId, 'E2b-Sandbox-Port': '49999' },
        signal: AbortSignal.timeout(requestTimeoutMs),
      })
      if (answer.status === 404) throw new AppError('not_found', `There is no context ${id}.`)
      if (!answer.ok) throw new AppError('sandbox_failed', `interrupt Python: ${answer.status}`)
      return
    }
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
    let forced: NodeJS.Timeout | undefined
    const stop = () => {
      if (state.interrupted) return
      state.interrupted = true
      void interrupt(id).catch(() => undefined)
      forced = setTimeout(() => void sandbox.restartCodeContext(id).catch(() => undefined), graceMs)
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
      const execution = await sandbox.runCode(code, {
        context: { id, language: 'python', cwd: '/home/user' },
        timeoutMs: 0,
        requestTimeoutMs: 0,
        ...(options.onStdout && { onStdout: ({ line }) => options.onStdout?.(line) }),
        ...(options.onStderr && { onStderr: ({ line }) => options.onStderr?.(line) }),
        ...(options.onResult && { onResult: (result: Result) => options.onResult?.(formsOf(result)) }),
        onError: async ({ name, value, traceback }) => {
          state.outcome = { name, value, traceback }
          await options.onError?.(state.outcome)
        },
      })
      return {
        ...(state.outcome && { error: state.outcome }),
        executionCount: execution.executionCount,
        interrupted: state.interrupted && state.outcome !== undefined,
        timedOut: state.timedOut && state.outcome !== undefined,
      }
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
    contexts: () => attempt('list the contexts', () => sandbox.listCodeContexts()),
    createContext: (options = {}) =>
      attempt('make a context', () => sandbox.createCodeContext({ requestTimeoutMs, ...(options.cwd !== undefined && { cwd: options.cwd }) })),
    removeContext: (id) => attempt('remove the context', () => sandbox.removeCodeContext(id)),
    restart: (id) => attempt('restart Python', async () => sandbox.restartCodeContext(id ?? (await usualContext()))),
    interrupt: (id) => attempt('interrupt Python', async () => interrupt(id ?? (await usualContext()))),
  }
}

/** What a sandbox answers is not trusted: a form of the wrong type is left out. */
function formsOf(result: Result): PythonResult {
  const forms: PythonResult = { isMain: result.isMainResult }
  for (const name of ['text', 'html', 'markdown', 'svg', 'png', 'jpeg', 'pdf', 'latex', 'javascript'] as const) {
    const value = result[name]
    if (typeof value === 'string') forms[name] = value
  }
  if (forms.text !== undefined) forms.text = nameOfObject(forms.text)
  if (result.json !== undefined && result.json !== null) forms.json = result.json
  return forms
}

/** A value that says nothing of itself has Python's words and its address as its text: its class is what a person can use. */
const nameOfObject = (text: string) => /^<(?:[\w.]+\.)?(\w+) object at 0x[0-9a-f]+>$/i.exec(text)?.[1]?.concat(' object') ?? text
