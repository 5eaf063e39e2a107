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
  const keep = (stream: 'stdout' | 'stderr') => (text: string) => {
    const room = maxLength - kept[stream].length
    if (text.length > room) kept.truncated = true
    kept[stream] += text.slice(0, Math.max(0, room))
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
