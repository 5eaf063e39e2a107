import { createHash } from 'node:crypto'
import { AppError, asAppError } from '#shared/base/errors.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import { FilePath } from '#shared/files/path.ts'
import type { RunningCommand, Sandbox } from '../sandboxes/port.ts'
import { helperScript } from './helper-script.ts'
import { insideProgram, runInside } from './inside-program.ts'
import { mostLagMs } from './recent-texts.ts'
import { jsonLines } from './run-program.ts'
import { findStore } from './store-script.ts'

/** `ageMs`: for how long it has held that, at most `mostLagMs`. */
export type Look = { status: 'same' | 'missing' | 'folder' | 'large' | 'bytes' } | { status: 'text'; text: string; hash: string; ageMs: number }

/** The files of one sandbox as open documents need them: compared and replaced in one step. */
export type Disk = {
  /** What is there; `same` when it is what `known` is the hash of. */
  look(path: FilePath, known: string | undefined): Promise<Look>
  /** Replaces the file when it is still what `expected` is the hash of; null: when there is none. */
  swap(path: FilePath, expected: string | null, text: string): Promise<'done' | 'changed'>
  /** Where a file went that held `text` and is not there any more. Undefined when nothing says so for certain. */
  trace(path: FilePath, text: string): Promise<FilePath | undefined>
  close(): Promise<void>
}

export const hashOf = (text: string) => createHash('sha1').update(text).digest('hex')

/** The SDK keeps what a command prints: past this much the helper is started anew. */
const freshAfter = 8 * 1024 * 1024
const answerWithinMs = 15_000
const startWithinMs = 10_000

type Answer = {
  id?: number
  ready?: boolean
  late?: string
  was?: string
  to?: string | null
  text?: string
  status?: string
  hash?: string
  error?: string
  code?: string
}
type Helper = { command: RunningCommand; printed: number; waiting: Map<number, (answer: Answer | undefined) => void>; ended: boolean }
type Late = (path: FilePath, was: string, text: string) => void

/** Exactly with Python, else with Node, which every local sandbox has. */
const command = `${findStore}; if python3 -Sc 'import ctypes' 2>/dev/null; then exec python3 -u -c "$ATRIUM_FILES"; fi; ${runInside}`

/** Through a small program inside, which stays while files are open. */
export function createDisk(deps: { sandbox(): Promise<Sandbox>; onLate: Late }): Disk {
  let helper: Promise<Helper> | undefined
  let asked = 0

  /** @throws AppError `unavailable` when none begins */
  async function start(): Promise<Helper> {
    const sandbox = await deps.sandbox()
    const made: Helper = { command: undefined as never, printed: 0, waiting: new Map(), ended: false }
    let rest = ''
    let ready: (() => void) | undefined
    const begun = new Promise<void>((resolve) => (ready = resolve))
    const hear = (answer: Answer) => {
      if (answer.ready) ready?.()
      else if (answer.late !== undefined) deps.onLate(answer.late as FilePath, answer.was ?? '', answer.text ?? '')
      else made.waiting.get(answer.id ?? -1)?.(answer)
    }
    made.command = await sandbox.run(command, {
      stdin: true,
      timeoutMs: 0,
      env: { ATRIUM_FILES: helperScript, ATRIUM_PROGRAM: await insideProgram('helper'), NODE_OPTIONS: '' },
      onStdout(text) {
        made.printed += text.length
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const answer of jsonLines<Answer>(lines)) hear(answer)
      },
    })
    void made.command.exit.then(() => {
      made.ended = true
      for (const answer of made.waiting.values()) answer(undefined)
    })
    const timer = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), startWithinMs).unref())
    const how = await Promise.race([begun, made.command.exit, timer])
    if (how === undefined) return made
    if (how === 'late') await made.command.kill().catch(() => undefined)
    else if (how.exitCode === 127) throw new AppError('unavailable', 'Open files need Python 3 or Node.js in the sandbox.')
    throw new AppError('unavailable', 'The sandbox does not respond.')
  }

  /** One for all who ask: files that are opened together wait for the same. */
  async function helperNow(): Promise<Helper> {
    const current = helper
    const known = await current?.catch(() => undefined)
    if (known && !known.ended && known.printed < freshAfter) return known
    // Somebody else has begun one meanwhile.
    if (helper !== current) return helperNow()
    if (known && !known.ended) void known.command.kill().catch(() => undefined)
    const starting = start()
    helper = starting
    starting.catch(() => helper === starting && (helper = undefined))
    return starting
  }

  async function ask(question: Record<string, unknown>): Promise<Answer> {
    // The sandbox may have been paused or ended since: a second one is started then.
    for (let attempt = 0; attempt < 2; attempt++) {
      const running = await helperNow().catch((error: unknown) => {
        if (attempt > 0 || asAppError(error).code !== 'unavailable') throw error
      })
      if (!running) continue
      const id = ++asked
      const answered = new Promise<Answer | undefined>((resolve) => {
        running.waiting.set(id, resolve)
        setTimeout(() => resolve(undefined), answerWithinMs).unref()
      })
      const answer = await running.command
        .sendStdin(`${JSON.stringify({ ...question, id })}\n`)
        .then(() => answered)
        .catch((error: unknown) => {
          if (attempt > 0 && !running.ended && asAppError(error).code !== 'not_found') throw error
        })
        .finally(() => running.waiting.delete(id))
      if (answer?.error !== undefined) throw asFailure(answer)
      if (answer) return answer
      running.ended = true
      void running.command.kill().catch(() => undefined)
    }
    throw new AppError('unavailable', 'The sandbox does not respond.')
  }

  return {
    async look(path, known) {
      const answer = (await ask({ op: 'look', path, known, max: maxOpenBytes })) as Look
      return answer.status === 'text' ? { ...answer, ageMs: boundedAge(answer.ageMs) } : answer
    },
    swap: async (path, expected, text) => (await ask({ op: 'swap', path, expected, text })).status as 'done' | 'changed',
    async trace(path, text) {
      if (text === '') return undefined
      const answer = await ask({ op: 'trace', path, hash: hashOf(text), size: Buffer.byteLength(text) })
      const to = FilePath.safeParse(answer.to)
      return to.success && to.data !== path ? to.data : undefined
    },
    async close() {
      const ending = helper
      helper = undefined
      const running = await ending?.catch(() => undefined)
      await running?.command.kill().catch(() => undefined)
    },
  }
}

/** As a sandbox says it, whose clock may have been set. */
const boundedAge = (ageMs: unknown): number => (typeof ageMs === 'number' && ageMs > 0 ? Math.min(ageMs, mostLagMs) : 0)

function asFailure({ error, code }: Answer): AppError {
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('sandbox_failed', 'The disk of the sandbox is full. Delete some files first.')
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new AppError('sandbox_failed', `Could not write the file: ${error}.`)
  return new AppError('sandbox_failed', `Could not use the file: ${error}.`)
}
