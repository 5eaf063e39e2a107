import { createHash } from 'node:crypto'
import { AppError, asAppError } from '#shared/base/errors.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import { FilePath } from '#shared/files/path.ts'
import type { Logger } from '../base/logger.ts'
import type { RunningCommand, Sandbox } from '../sandboxes/port.ts'
import { decodeText } from './content-type.ts'
import { helperScript } from './helper-script.ts'
import { runProgram } from './run-program.ts'
import { findStore } from './store-script.ts'

export type Look = { status: 'same' | 'missing' | 'folder' | 'large' | 'bytes' } | { status: 'text'; text: string; hash: string }

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
/** Without the helper: what came to its place in this time may be what is missing elsewhere. */
const movedWithinMs = 8_000
const traceWithinMs = 5_000

type Answer = {
  id?: number
  ready?: boolean
  late?: string
  was?: string
  to?: string | null | undefined
  text?: string
  status?: string
  hash?: string
  error?: string
  code?: string
}
type Helper = { command: RunningCommand; printed: number; waiting: Map<number, (answer: Answer | undefined) => void>; ended: boolean }
type Late = (path: FilePath, was: string, text: string) => void

/** Through a small program inside; without Python there, by reading and writing, with the gap that this has. */
export function createDisk(deps: { sandbox(): Promise<Sandbox>; onLate: Late; log: Logger }): Disk {
  let helper: Promise<Helper | undefined> | undefined
  let asked = 0
  let withoutFor: string | undefined

  async function start(): Promise<Helper | undefined> {
    const sandbox = await deps.sandbox()
    if (withoutFor === sandbox.id) return undefined
    const made: Helper = { command: undefined as never, printed: 0, waiting: new Map(), ended: false }
    let rest = ''
    let ready: (() => void) | undefined
    const begun = new Promise<void>((resolve) => (ready = resolve))
    const hear = (answer: Answer) => {
      if (answer.ready) ready?.()
      else if (answer.late !== undefined) deps.onLate(answer.late as FilePath, answer.was ?? '', answer.text ?? '')
      else made.waiting.get(answer.id ?? -1)?.(answer)
    }
    made.command = await sandbox.run(`${findStore}; exec python3 -u -c "$ATRIUM_FILES"`, {
      stdin: true,
      timeoutMs: 0,
      env: { ATRIUM_FILES: helperScript },
      onStdout(text) {
        made.printed += text.length
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) hear(JSON.parse(line) as Answer)
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
    else if (how.exitCode === 127) {
      withoutFor = sandbox.id
      deps.log.warn('no python3 in the sandbox: open files are written without comparing in one step')
    }
    return undefined
  }

  /** One for all who ask: files that are opened together wait for the same. */
  async function helperNow(): Promise<Helper | undefined> {
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

  async function ask(question: Record<string, unknown>): Promise<Answer | undefined> {
    // The sandbox may have been paused or ended since: a second one is started then.
    for (let attempt = 0; attempt < 2; attempt++) {
      const running = await helperNow()
      if (!running) return undefined
      const id = ++asked
      const answered = new Promise<Answer | undefined>((resolve) => {
        running.waiting.set(id, resolve)
        setTimeout(() => resolve(undefined), answerWithinMs).unref()
      })
      try {
        await running.command.sendStdin(`${JSON.stringify({ ...question, id })}\n`)
        const answer = await answered
        if (answer?.error !== undefined) throw asFailure(answer)
        if (answer) return answer
      } catch (error) {
        if (asAppError(error).code !== 'not_found' && !running.ended && attempt > 0) throw error
        if (error instanceof AppError && error.code === 'sandbox_failed' && attempt > 0) throw error
      } finally {
        running.waiting.delete(id)
      }
      running.ended = true
      void running.command.kill().catch(() => undefined)
    }
    throw new AppError('unavailable', 'The sandbox does not respond.')
  }

  async function lookPlain(path: FilePath, known: string | undefined): Promise<Look> {
    const { files } = await deps.sandbox()
    try {
      const entry = await files.stat(path)
      if (entry.type === 'folder') return { status: 'folder' }
      if (entry.size > maxOpenBytes * 4) return { status: 'large' }
      const bytes = await files.read(path, { maxBytes: maxOpenBytes * 4 })
      if (createHash('sha1').update(bytes).digest('hex') === known) return { status: 'same' }
      if (bytes.length > maxOpenBytes) return { status: 'large' }
      const text = decodeText(bytes)
      return text === undefined ? { status: 'bytes' } : { status: 'text', text, hash: hashOf(text) }
    } catch (error) {
      if (asAppError(error).code === 'not_found') return { status: 'missing' }
      throw error
    }
  }

  /** Of several files that hold the same nothing says which one it is. */
  async function tracePlain(sought: { hash: string; size: number }): Promise<Answer> {
    const question = { ...sought, withinMs: movedWithinMs }
    const { lines, isCut } = await runProgram<{ path: string }>(await deps.sandbox(), 'trace', question, { timeoutMs: traceWithinMs })
    return { to: lines.length === 1 && !isCut ? lines[0]?.path : undefined }
  }

  return {
    async look(path, known) {
      const answer = await ask({ op: 'look', path, known, max: maxOpenBytes })
      return answer ? (answer as Look) : lookPlain(path, known)
    },
    async swap(path, expected, text) {
      const answer = await ask({ op: 'swap', path, expected, text })
      if (answer) return answer.status as 'done' | 'changed'
      const found = await lookPlain(path, expected ?? undefined)
      if (expected === null ? found.status !== 'missing' : found.status !== 'same') return 'changed'
      await (await deps.sandbox()).files.write(path, text)
      return 'done'
    },
    async trace(path, text) {
      if (text === '') return undefined
      const sought = { hash: hashOf(text), size: Buffer.byteLength(text) }
      const answer = (await ask({ op: 'trace', path, ...sought })) ?? (await tracePlain(sought))
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

function asFailure({ error, code }: Answer): AppError {
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('sandbox_failed', 'The disk of the sandbox is full. Delete some files first.')
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new AppError('sandbox_failed', `Could not write the file: ${error}.`)
  return new AppError('sandbox_failed', `Could not use the file: ${error}.`)
}
