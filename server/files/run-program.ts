import { AppError } from '#shared/base/errors.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { insideProgram, runInside, type InsideProgram } from './inside-program.ts'
import { findStore } from './store-script.ts'

/** What a program printed, a line of JSON each; `isCut` when it had to be ended, or printed more than is kept. */
export type Printed<T> = { lines: T[]; isCut: boolean }

const maxPrinted = 24 * 1024 * 1024
const command = `${findStore}; ${runInside}`

/**
 * Runs one of `inside/` in the sandbox.
 * @throws AppError `sandbox_failed` when it failed, `unavailable` without Node
 */
export async function runProgram<T>(
  sandbox: Sandbox,
  program: Exclude<InsideProgram, 'helper'>,
  question: object,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<Printed<T>> {
  let printed = ''
  let failure = ''
  let isCut = false
  const running = await sandbox.run(command, {
    stdin: true,
    timeoutMs: options.timeoutMs,
    env: { ATRIUM_PROGRAM: await insideProgram(program), NODE_OPTIONS: '' },
    onStdout(text) {
      if (printed.length + text.length <= maxPrinted) printed += text
      else if (!isCut) {
        isCut = true
        void running.kill().catch(() => undefined)
      }
    },
    onStderr: (text) => (failure += text.slice(0, 2_000 - Math.min(failure.length, 2_000))),
  })
  const stop = () => void running.kill().catch(() => undefined)
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    await running.sendStdin(`${JSON.stringify(question)}\n`)
    const { exitCode, timedOut } = await running.exit
    isCut ||= timedOut
    options.signal?.throwIfAborted()
    if (exitCode === 127) throw new AppError('unavailable', 'This needs Node.js in the sandbox.')
    if (exitCode !== 0 && !isCut) throw new AppError('sandbox_failed', 'Could not search the files. Try again.', { cause: new Error(failure) })
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
  const lines = printed.split('\n')
  // The last one is empty, or was cut off.
  lines.pop()
  return { lines: jsonLines<T>(lines), isCut }
}

/** The objects among lines: what else a sandbox prints, as a shell's own greeting, is nobody's answer. */
export function jsonLines<T>(lines: readonly string[]): T[] {
  return lines.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value !== null ? [value as T] : []
    } catch {
      return []
    }
  })
}
