import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { AppError } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'

/** Debian or Ubuntu, as root: nothing else is installed on by a button. */
export const canInstall = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')

const longestMs = 10 * 60_000

/**
 * Installs programs on this machine and hands on what that prints, as it comes; the last line is `done` or `failed`.
 * It goes on when nobody reads. One at a time.
 */
export function createInstaller(log: Logger) {
  let busy = false

  return {
    /** @param packages names as Debian has them. @throws AppError `unavailable` where it may not, `conflict` while it does */
    install(packages: readonly string[], ended: () => void): Response {
      if (!canInstall()) throw new AppError('unavailable', 'This server cannot install programs. That needs root on Debian or Ubuntu.')
      if (busy) throw new AppError('conflict', 'The installation is already running.')
      if (packages.some((name) => !/^[a-z0-9][a-z0-9.+-]+$/.test(name))) throw new AppError('invalid_input', 'that is not the name of a package')
      busy = true
      log.info({ packages }, 'installing programs for the desktop')
      const script = 'apt-get update -q && exec apt-get install -q -y --no-install-recommends -- "$@"'
      const child = spawn('/bin/sh', ['-c', script, 'install', ...packages], {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: longestMs,
      })
      let reader: ReadableStreamDefaultController<Uint8Array> | undefined
      const say = (text: string | Uint8Array) => {
        try {
          reader?.enqueue(Buffer.from(text))
        } catch {
          reader = undefined
        }
      }
      child.stdout.on('data', say)
      child.stderr.on('data', say)
      const over = (success: boolean) => {
        if (!busy) return
        busy = false
        log.info({ success }, 'installing programs for the desktop has ended')
        say(success ? '\ndone\n' : '\nfailed\n')
        try {
          reader?.close()
        } catch {
          // Nobody reads any more.
        }
        ended()
      }
      child.once('error', () => over(false))
      child.once('close', (code) => over(code === 0))
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => void (reader = controller),
        cancel: () => void (reader = undefined),
      })
      return new Response(body, { headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })
    },
  }
}
