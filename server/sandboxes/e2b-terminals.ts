import type { Sandbox as E2bSandbox } from 'e2b'
import { CommandExitError } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import { asSandboxError } from './e2b-errors.ts'
import type { Terminal, TerminalOptions } from './port.ts'

type Handle = Awaited<ReturnType<E2bSandbox['pty']['create']>>
const requestTimeoutMs = 30_000
/** One that was ended is given up when its end has not been told by then. */
const endMs = 5000

export function terminalOf(sandbox: E2bSandbox, handle: Handle): Terminal {
  const { pid } = handle
  let disconnected = false
  /** Each key is a request of its own: the next waits for the one before, and takes along what has come meanwhile. */
  let waiting: Uint8Array[] = []
  let sending: Promise<void> | undefined

  async function send(): Promise<void> {
    // What is typed within one turn goes together.
    await Promise.resolve()
    const bytes = Buffer.concat(waiting)
    waiting = []
    sending = undefined
    if (bytes.length > 0) await sandbox.pty.sendInput(pid, bytes, { requestTimeoutMs })
  }

  let before: Promise<unknown> = Promise.resolve()
  let lost: NodeJS.Timeout | undefined
  const exit = handle
    .wait()
    .finally(() => clearTimeout(lost))
    .then(
      ({ exitCode }) => ({ exitCode, lost: false }),
      (thrown: unknown) => (thrown instanceof CommandExitError ? { exitCode: thrown.exitCode, lost: false } : { exitCode: -1, lost: !disconnected }),
    )

  return {
    pid,
    exit,
    async write(data) {
      waiting.push(typeof data === 'string' ? Buffer.from(data, 'utf8') : data)
      if (!sending) {
        sending = before.then(send)
        before = sending.catch(() => undefined)
      }
      await sending.catch((thrown: unknown) => {
        throw asSandboxError(thrown, 'type into the terminal')
      })
    },
    async resize({ cols, rows }) {
      if (![cols, rows].every((value) => Number.isInteger(value) && value >= 1 && value <= 1000)) {
        throw new AppError('invalid_input', 'A terminal can have 1 to 1000 columns and rows.')
      }
      await sandbox.pty.resize(pid, { cols, rows }, { requestTimeoutMs }).catch((thrown: unknown) => {
        throw asSandboxError(thrown, 'resize the terminal')
      })
    },
    async kill() {
      lost ??= setTimeout(() => {
        disconnected = true
        void handle.disconnect()
      }, endMs)
      await sandbox.pty.kill(pid, { requestTimeoutMs }).catch((thrown: unknown) => {
        throw asSandboxError(thrown, 'end the terminal')
      })
    },
    async disconnect() {
      disconnected = true
      await handle.disconnect()
    },
  }
}

/** The SDK awaits it before it reads on, which is what holds the program up. */
export const ptyData =
  ({ onData }: TerminalOptions) =>
  (bytes: Uint8Array) =>
    onData(bytes)
