import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../admin.ts', import.meta.url))

export type AdminRun = {
  child: ChildProcess
  /** Resolves when it has printed a line in which `text` is. */
  said(text: string): Promise<void>
  ended: Promise<{ code: number | null; out: string; err: string }>
}

/** `npm run admin -- <args>` with these settings and no others. */
export function startAdmin(env: Record<string, string>, ...args: string[]): AdminRun {
  const child = spawn(process.execPath, [command, ...args], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  const heard = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    for (const listen of heard) listen()
  })
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
  return {
    child,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const listen = () => out.includes(text) && resolve()
        heard.add(listen)
        listen()
        void ended.then(() => reject(new Error(`it ended without saying ${text}:\n${out}${err}`)))
      }),
  }
}

export const runAdmin = (env: Record<string, string>, ...args: string[]) => startAdmin(env, ...args).ended
