import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'

export type Finished = { code: number; output: string; ms: number }

/**
 * Runs one program of the checkout with this Node and waits for it; the whole process group is killed at `timeoutMs`,
 * which counts as a failure. `show` passes its output through as it comes; it is collected in any case. `through` is a
 * program of the checkout that runs it.
 */
export function runProcess(
  args: string[],
  { show = false, timeoutMs, env = {}, through }: { show?: boolean; timeoutMs: number; env?: Record<string, string>; through?: string },
): Promise<Finished> {
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
      if (show) process.stdout.write(part)
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
  const onSignal = () => {
    killGroup()
    process.exit(130)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return new Promise((resolve) => {
    const end = (code: number, note = '') => {
      clearTimeout(timer)
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      killGroup()
      resolve({ code, output: Buffer.concat(parts).toString() + note, ms: performance.now() - started })
    }
    child.once('error', (error) => end(1, `\ncould not be started: ${error.message}\n`))
    child.once('exit', (code, signal) => {
      const late = timedOut ? `\nkilled after ${timeoutMs / 1000} s\n` : ''
      if (late && show) process.stdout.write(late)
      // Pipes may still hold output; a background process that keeps them open must not keep us.
      setTimeout(() => end(code ?? (signal ? 1 : 0), late), 50)
    })
  })
}

/** What a person has set for their own server must not leak into the tests; what speaks to the tests stays. */
function testEnvironment(): NodeJS.ProcessEnv {
  const settings = /^(PORT|HOST|DATABASE_URL|OPENAI_.*|ATRIUM_(?!TEST_|CHROMIUM|KILL_|FUZZ_).*|npm_(lifecycle|package|command|config).*)$/
  const kept = Object.entries(process.env).filter(([name]) => !settings.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: 'test', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' }
}
