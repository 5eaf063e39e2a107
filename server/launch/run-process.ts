import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { root } from './root.mjs'

export type Finished = { code: number; output: string; ms: number }

type Options = { timeoutMs: number; show?: Writable; env?: Record<string, string>; through?: string }

/** Ends each program that runs. */
const running = new Set<() => void>()

/**
 * Runs one program of the checkout with this Node and waits for it; the whole process group is killed at `timeoutMs`,
 * which counts as a failure. `show` is given its output as it comes; it is collected in any case. `through` is a program of
 * the checkout that runs it.
 */
export function runProcess(args: string[], { timeoutMs, show, env = {}, through }: Options): Promise<Finished> {
  const started = performance.now()
  const [program = '', ...words] = [...(through ? [join(root, through)] : []), process.execPath, ...args]
  const child = spawn(program, words, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...testEnvironment(), ...env },
  })
  const parts: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      parts.push(part)
      show?.write(part)
    })
  }
  const killGroup = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group is gone already.
    }
  }
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup()
  }, timeoutMs)
  if (running.size === 0) process.on('SIGINT', endAll).on('SIGTERM', endAll)
  running.add(killGroup)
  return new Promise((resolve) => {
    const end = (code: number, note = '') => {
      clearTimeout(timer)
      running.delete(killGroup)
      if (running.size === 0) process.off('SIGINT', endAll).off('SIGTERM', endAll)
      killGroup()
      resolve({ code, output: Buffer.concat(parts).toString() + note, ms: performance.now() - started })
    }
    child.once('error', (error) => end(1, `\ncould not be started: ${error.message}\n`))
    child.once('exit', (code, signal) => {
      const late = timedOut ? `\nkilled after ${timeoutMs / 1000} s\n` : ''
      if (late) show?.write(late)
      // Pipes may still hold output; a background process that keeps them open must not keep us.
      setTimeout(() => end(code ?? (signal ? 1 : 0), late), 50)
    })
  })
}

function endAll(): never {
  for (const end of running) end()
  process.exit(130)
}

/** What a person has set for their own server must not leak into the tests; what speaks to the tests stays. */
function testEnvironment(): NodeJS.ProcessEnv {
  const settings = /^(PORT|HOST|DATABASE_URL|OPENAI_.*|ATRIUM_(?!TEST_|CHROMIUM|KILL_|FUZZ_).*|npm_(lifecycle|package|command|config).*)$/
  const kept = Object.entries(process.env).filter(([name]) => !settings.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: 'test', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' }
}
