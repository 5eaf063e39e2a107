import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { RpcError } from '../connect.ts'
import type { MemoryNews } from '../memory-news.ts'
import { home, resolveFolder } from '../paths.ts'
import { killTagged, tagName } from '../reap.ts'
import { findPython, modulePackages } from './find-python.ts'
import { untilMark } from './until-mark.ts'

/** One line of the answer to a cell. */
export type CellEvent = { type: string } & Record<string, unknown>

/** Takes an event; false when its reader is slow: `drained` then says when to go on. */
export type Reader = { send(event: CellEvent): boolean; drained(): Promise<void> }

type Cell = { id: string; reader: Reader; done(): void }
type Context = { id: string; cwd: string; interpreter: Interpreter | undefined; last: Promise<void>; cell: Cell | undefined; mark: string }
type Interpreter = {
  child: ChildProcess
  commands: Writable
  ready: Promise<void>
  /** Ended here, and why, where that is more than a wish. */ ended?: { by: string | undefined }
}

/** Beside the program that runs, whether that is the source or one file made of it. */
const runner = join(dirname(process.argv[1] ?? ''), 'python', 'runner.py')
const maxContexts = 20

/** The Python interpreters of the sandbox: one for each context, started with its first cell. */
export function createContexts(baseEnv: Record<string, string>, memory: MemoryNews) {
  const contexts = new Map<string, Context>()
  const instance = randomUUID()
  let usual: string | undefined

  const find = (id: string): Context => {
    const found = contexts.get(id)
    if (!found) throw new RpcError('not_found', `There is no context ${id}.`)
    return found
  }

  function make(cwd: string): Context {
    if (contexts.size >= maxContexts) throw new RpcError('resource_exhausted', `there may be ${maxContexts} contexts`)
    const id = randomUUID()
    const made: Context = { id, cwd, interpreter: undefined, last: Promise.resolve(), cell: undefined, mark: `${instance}.${id}` }
    contexts.set(id, made)
    return made
  }

  const usualContext = (): Context => {
    const known = usual === undefined ? undefined : contexts.get(usual)
    if (known) return known
    const made = make(home)
    usual = made.id
    return made
  }

  function startInterpreter(context: Context): Interpreter {
    const python = pythonHere()
    const child = spawn(
      '/bin/sh',
      ['-c', 'echo 800 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"', 'sh', python, '-u', runner, JSON.stringify(modulePackages)],
      {
        cwd: context.cwd,
        env: { ...baseEnv, [tagName]: context.mark },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      },
    )
    const [, , , commands, events] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable]
    commands.on('error', () => {})
    const slow = async (reader: Reader) => {
      for (const pipe of [child.stdout, child.stderr, events]) pipe?.pause()
      await reader.drained()
      for (const pipe of [child.stdout, child.stderr, events]) pipe?.resume()
    }
    const tell = (event: CellEvent) => {
      const { cell } = context
      if (cell && !cell.reader.send(event)) void slow(cell.reader)
    }
    /** A cell is over when its last event has come, and the mark on both pipes. */
    let missing = 0
    let end: CellEvent | undefined
    const step = () => {
      if (++missing < 3 || !context.cell) return
      tell({ type: 'number_of_executions', execution_count: end?.execution_count })
      tell({ type: 'end_of_execution' })
      missing = 0
      context.cell.done()
    }
    for (const kind of ['stdout', 'stderr'] as const) {
      const scan = untilMark(
        () => context.cell?.id ?? '',
        (text) => tell({ type: kind, text, timestamp: Date.now() }),
        step,
      )
      child[kind]?.on('data', scan)
    }
    const ready = new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => reject(new Error('the interpreter ended')))
      createInterface({ input: events, crlfDelay: Infinity }).on('line', (line) => {
        const event = JSON.parse(line) as CellEvent
        if (event.type === 'ready') resolve()
        else if (event.type === 'end') {
          end = event
          step()
        } else tell(event.type === 'result' || event.type === 'error' ? event : { ...event, timestamp: Date.now() })
      })
    })
    ready.catch(() => undefined)
    const started: Interpreter = { child, commands, ready }
    child.once('exit', (code, signal) => {
      void killTagged(context.mark)
      if (context.interpreter === started) context.interpreter = undefined
      const { cell } = context
      if (!cell) return
      const say = (why: string | undefined) => {
        const value = `the interpreter ended (${why ?? signal ?? `exit status ${code}`}); its variables are gone`
        tell({ type: 'error', name: 'InterpreterEnded', value, traceback: value })
        tell({ type: 'end_of_execution' })
        cell.done()
      }
      if (started.ended || signal !== 'SIGKILL') say(started.ended?.by)
      else void memory.reason().then(say)
    })
    return started
  }

  async function end(context: Context, by?: string): Promise<void> {
    const { interpreter } = context
    if (!interpreter) return
    interpreter.ended = { by }
    const gone = new Promise((resolve) => interpreter.child.once('exit', resolve))
    interpreter.child.kill('SIGKILL')
    await gone
  }

  return {
    /** @throws RpcError when a cell cannot be run there */
    check(contextId: string | undefined): void {
      pythonHere()
      if (contextId !== undefined && contextId !== 'default') find(contextId)
    },
    list: () => [...contexts.values()].map(describe),
    async create(cwd: unknown) {
      return describe(make(await resolveFolder(cwd)))
    },
    async remove(id: string) {
      const context = find(id)
      contexts.delete(id)
      await end(context)
    },
    /** Ends every interpreter; a cell that ran says why. */
    endAll: (why: string) => Promise.all([...contexts.values()].map((context) => end(context, why))),
    restart: (id: string) => end(id === 'default' ? usualContext() : find(id)),
    /** The whole group, as a terminal would: what the cell has started stops too. */
    interrupt(id: string) {
      const context = id === 'default' ? usualContext() : find(id)
      if (!context.cell || !context.interpreter?.child.pid) return
      try {
        process.kill(-context.interpreter.child.pid, 'SIGINT')
      } catch {
        // It ended meanwhile.
      }
    },
    /**
     * One cell after the other in a context. Resolves when it is over, and never rejects for what the code does.
     * @param gone resolves when nobody reads any more: the cell is then interrupted
     */
    async run(
      wanted: { code: string; contextId: string | undefined; env: Record<string, string> },
      reader: Reader,
      gone: Promise<void>,
    ): Promise<void> {
      const context = wanted.contextId === undefined || wanted.contextId === 'default' ? usualContext() : find(wanted.contextId)
      let left = false
      const before = context.last
      const turn = async () => {
        await before
        if (left) return
        await runNow(context, wanted, reader, gone)
      }
      void gone.then(() => (left = true))
      const mine = turn()
      context.last = mine.catch(() => undefined)
      return mine
    },
  }

  async function runNow(context: Context, wanted: { code: string; env: Record<string, string> }, reader: Reader, gone: Promise<void>): Promise<void> {
    context.interpreter ??= startInterpreter(context)
    const { commands, ready } = context.interpreter
    await ready.catch((thrown: unknown) => {
      context.interpreter = undefined
      throw new RpcError('resource_exhausted', `Python could not be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    })
    await new Promise<void>((resolve) => {
      const id = `\u0000${randomUUID()}\u0000`
      const cell: Cell = {
        id,
        reader,
        done() {
          if (context.cell === cell) context.cell = undefined
          resolve()
        },
      }
      context.cell = cell
      commands.write(`${JSON.stringify({ id, code: wanted.code, env: wanted.env })}\n`)
      void gone.then(() => {
        if (context.cell !== cell || !context.interpreter?.child.pid) return
        try {
          process.kill(-context.interpreter.child.pid, 'SIGINT')
        } catch {
          // It ended meanwhile.
        }
      })
    })
  }
}

function pythonHere(): string {
  const python = findPython()
  if (python === undefined) throw new RpcError('unimplemented', 'Python is not installed on this machine (Debian, Ubuntu: apt install python3)')
  return python
}

const describe = ({ id, cwd }: Context) => ({ id, language: 'python', cwd })
