import { spawn } from 'node:child_process'
import { desktopScript, displaySocket, needsDisplay, sizeAskedFor } from './desktop-script.ts'
import { existsSync } from 'node:fs'

const startMs = 15_000

/** Starts the display for a command that will need it, so that a program made for a running desktop finds one. */
export function createDesktop(env: Record<string, string>) {
  let starting: Promise<void> | undefined
  return {
    async before(command: string): Promise<void> {
      const size = sizeAskedFor(command)
      if (!needsDisplay(command) || (existsSync(displaySocket) && !size)) return
      starting ??= run(env, size).finally(() => (starting = undefined))
      await starting
    },
  }
}

/** Whatever becomes of it: the command itself then says that there is no display. */
function run(env: Record<string, string>, size: ReturnType<typeof sizeAskedFor>): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', desktopScript(size)], { env, stdio: 'ignore', detached: true })
    const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
    const over = () => {
      clearTimeout(timer)
      resolve()
    }
    child.once('error', over)
    child.once('exit', over)
  })
}
