import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../admin.ts', import.meta.url))

/** `npm run admin -- <args>` with these settings and no others. */
export async function runAdmin(env: Record<string, string>, ...args: string[]): Promise<{ out: string; err: string; code: number | null }> {
  const child = spawn(process.execPath, [command, ...args], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number | null]>])
  return { out, err, code }
}
