import { cutAfter } from '#shared/base/cut.ts'
import type { RunOptions, Sandbox } from '../sandboxes/port.ts'

export type Ended = { exitCode: number; timedOut: boolean; killed: boolean; stdout: string; stderr: string; truncated: boolean }

/**
 * Runs a command to its end and keeps the beginning of what it prints.
 * @throws the signal's reason when aborted, after the command was killed
 */
export async function runToEnd(
  sandbox: Sandbox,
  command: string,
  options: Pick<RunOptions, 'cwd' | 'env' | 'timeoutMs'> & { maxLength: number; signal: AbortSignal },
): Promise<Ended> {
  const { maxLength, signal, ...run } = options
  signal.throwIfAborted()
  const kept = { stdout: '', stderr: '', truncated: false }
  const full = { stdout: false, stderr: false }
  const keep = (stream: 'stdout' | 'stderr') => (text: string) => {
    if (full[stream]) return
    const fits = cutAfter(text, maxLength - kept[stream].length)
    kept[stream] += fits
    if (fits.length < text.length) full[stream] = kept.truncated = true
  }
  const running = await sandbox.run(command, { ...run, onStdout: keep('stdout'), onStderr: keep('stderr') })
  const stop = () => void running.kill().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const exit = await running.exit
    signal.throwIfAborted()
    return { ...exit, ...kept }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
