import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { RpcError } from '../connect.ts'
import type { MemoryNews } from '../memory-news.ts'
import { killTagged, tagName } from '../reap.ts'
import { findPython, modulePackages } from './find-python.ts'
import { untilMark } from './until-mark.ts'

/** One line of the answer to a cell. */
export type CellEvent = { type: string } & Record<string, unknown>

/** Takes an event; false when its reader is slow: `drained` then says when to go on. */
export type Reader = { send(event: CellEvent): boolean; drained(): Promise<void> }

type Cell = { id: string; reader: Reader; done(): void }

export type Interpreter = {
  /** Rejects when it ended before it could take a cell. */
  ready: Promise<void>
  /** When it is ready, and its last cell is over. Resolves when this one is. @param gone interrupts the cell when it resolves */
  run(wanted: { code: string; env: Record<string, string> }, reader: Reader, gone: Promise<void>): Promise<void>
  /** The cell that runs now, if one does, with what it has started, as a terminal would. */
  interrupt(): void
  /** @param by why, where that is more than a wish: a cell that runs says so */
  end(by?: string): Promise<void>
}

/** Beside the program that runs, whether that is the source or one file made of it. */
const runner = join(dirname(process.argv[1] ?? ''), 'python', 'runner.py')
const launch = 'echo 800 >/proc/self/oom_score_adj 2>/dev/null; exec "$@"'

/** @throws RpcError `unimplemented` on a machine without Python */
export function pythonHere(): string {
  const python = findPython()
  if (python === undefined) throw new RpcError('unimplemented', 'Python is not installed on this machine (Debian, Ubuntu: apt install python3)')
  return python
}

/** @param mark in the environment of everything it starts, which ends with it */
export function startInterpreter(deps: { cwd: string; env: Record<string, string>; mark: string; memory: MemoryNews; onExit(): void }): Interpreter {
  const child = spawn('/bin/sh', ['-c', launch, 'sh', pythonHere(), '-u', runner, JSON.stringify(modulePackages)], {
    cwd: deps.cwd,
    env: { ...deps.env, [tagName]: deps.mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  const [, stdout, stderr, commands, events] = child.stdio as unknown as [null, Readable, Readable, Writable, Readable]
  commands.on('error', () => {})
  let cell: Cell | undefined
  let ended: { by: string | undefined } | undefined

  async function holdFor(reader: Reader): Promise<void> {
    for (const pipe of [stdout, stderr, events]) pipe.pause()
    await reader.drained()
    for (const pipe of [stdout, stderr, events]) pipe.resume()
  }
  function tell(event: CellEvent): void {
    if (cell && !cell.reader.send(event)) void holdFor(cell.reader)
  }

  /** A cell is over when its last event has come, and the mark on both pipes. */
  let reached = 0
  let last: CellEvent | undefined
  function reach(): void {
    if (++reached < 3 || !cell) return
    tell({ type: 'number_of_executions', execution_count: last?.execution_count })
    tell({ type: 'end_of_execution' })
    reached = 0
    cell.done()
  }
  for (const [type, pipe] of Object.entries({ stdout, stderr })) {
    const scan = untilMark(
      () => cell?.id ?? '',
      (text) => tell({ type, text, timestamp: Date.now() }),
      reach,
    )
    pipe.on('data', scan)
  }
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error('the interpreter ended')))
    createInterface({ input: events, crlfDelay: Infinity }).on('line', (line) => {
      const event = JSON.parse(line) as CellEvent
      if (event.type === 'ready') resolve()
      else if (event.type === 'end') {
        last = event
        reach()
      } else tell(event.type === 'result' || event.type === 'error' ? event : { ...event, timestamp: Date.now() })
    })
  })
  ready.catch(() => undefined)

  child.once('exit', (code, signal) => {
    void killTagged(deps.mark)
    deps.onExit()
    const lost = cell
    if (!lost) return
    const say = (why: string | undefined) => {
      const value = `the interpreter ended (${why ?? signal ?? `exit status ${code}`}); its variables are gone`
      tell({ type: 'error', name: 'InterpreterEnded', value, traceback: value })
      tell({ type: 'end_of_execution' })
      lost.done()
    }
    if (ended || signal !== 'SIGKILL') say(ended?.by)
    else void deps.memory.reason().then(say)
  })

  function interrupt(): void {
    if (!cell || !child.pid || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid, 'SIGINT')
    } catch {
      // It ended meanwhile.
    }
  }

  return {
    ready,
    interrupt,
    run: ({ code, env }, reader, gone) =>
      new Promise((resolve) => {
        const id = `\u0000${randomUUID()}\u0000`
        const mine: Cell = {
          id,
          reader,
          done() {
            if (cell === mine) cell = undefined
            resolve()
          },
        }
        cell = mine
        commands.write(`${JSON.stringify({ id, code, env })}\n`)
        void gone.then(() => cell === mine && interrupt())
      }),
    async end(by) {
      ended = { by }
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}
