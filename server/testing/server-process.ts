import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type OwnNetwork, ownNetworkCommand } from './own-network.ts'

export type ServerProcess = {
  url: string
  /** What it has printed so far. */
  output: () => string
  child: ChildProcess
  /** Resolves with the exit code, null after a signal. */
  end: (signal: NodeJS.Signals) => Promise<number | null>
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

function launch(env: Record<string, string>, before: readonly string[] = []): ChildProcess {
  const { PATH = '' } = process.env
  const [program = process.execPath, ...args] = before.concat(process.execPath, main)
  return spawn(program, args, {
    env: { PATH, PORT: '0', ATRIUM_SANDBOX: 'off', ...env },
    stdio: [before.length > 0 ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
}

/**
 * The server as a process of its own, ready. For what only a process can show: signals, crashes, a second one.
 * @param network one of its own, in which it is reached at port 3000
 */
export async function startServerProcess(env: Record<string, string>, network?: OwnNetwork): Promise<ServerProcess> {
  const child = launch({ ATRIUM_SIGNUP: 'open', ...(network && { PORT: '3000', HOST: '0.0.0.0' }), ...env }, network && ownNetworkCommand)
  await network?.connect(child)
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const ready = /Atrium is ready at (http:\S+)/.exec(output)?.[1]
      if (ready) resolve(ready)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready:\n${output}`)))
  })
  return {
    url: network ? `http://${network.inside}:3000` : url,
    output: () => output,
    child,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill(signal)
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** A start that is expected to fail: its exit code and what it said on stderr. */
export async function failToStart(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = launch(env)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdout?.resume()
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}
