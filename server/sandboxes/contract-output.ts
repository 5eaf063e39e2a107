import type { Sandbox } from './port.ts'

/** Runs a command to its end. @returns what it printed, and how it ended */
export async function output(sandbox: Sandbox, command: string, options: Parameters<Sandbox['run']>[1] = {}) {
  let stdout = ''
  let stderr = ''
  const running = await sandbox.run(command, { ...options, onStdout: (part) => (stdout += part), onStderr: (part) => (stderr += part) })
  return { ...(await running.exit), stdout, stderr }
}
