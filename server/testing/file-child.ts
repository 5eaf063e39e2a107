import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ToolResult } from '../tools/define.ts'

export type AgentTool = 'read_file' | 'edit_file' | 'write_file'
export type AgentAsked = { id: number; tool: AgentTool; projectId: string; causedBy: string; path: string; args: Record<string, unknown> }
export type AgentDid = { id: number; result: ToolResult }

/** A server that is killed and started again on the same data and port. */
export async function startChild(dataDir: string, port: number) {
  let child: ChildProcess | undefined
  let asked = 0
  const waiting = new Map<number, (result: ToolResult | undefined) => void>()
  const script = fileURLToPath(new URL('./file-child-server.ts', import.meta.url))

  async function start(): Promise<string> {
    const made = fork(script, [JSON.stringify({ dataDir, port })], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child = made
    const { promise: ready, resolve } = Promise.withResolvers<string>()
    // One listener from the beginning: an answer may come in the same breath as the address.
    made.on('message', (message: { url: string } | AgentDid) => {
      if ('url' in message) resolve(message.url)
      else waiting.get(message.id)?.(message.result)
    })
    return ready
  }
  const kill = async () => {
    const dying = child
    child = undefined
    if (!dying || dying.exitCode !== null) return
    dying.kill('SIGKILL')
    await once(dying, 'exit')
    for (const answer of waiting.values()) answer(undefined)
    waiting.clear()
  }
  const url = await start()
  return {
    url,
    start,
    kill,
    /** Undefined when the server died meanwhile: nobody knows whether it was done. */
    agent(tool: AgentTool, where: { projectId: string; causedBy: string; path: string }, args: Record<string, unknown> = {}) {
      const id = ++asked
      return new Promise<ToolResult | undefined>((resolve) => {
        waiting.set(id, (result) => {
          waiting.delete(id)
          resolve(result)
        })
        if (!child?.connected) return waiting.get(id)?.(undefined)
        child.send({ id, tool, ...where, args } satisfies AgentAsked)
        return undefined
      })
    },
  }
}
