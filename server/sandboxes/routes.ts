import { cutAfter } from '#shared/base/cut.ts'
import type { Hono } from 'hono'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sandboxCalls } from '#shared/sandboxes/api.ts'
import type { Database } from '../db/port.ts'
import type { Files } from '../files/port.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import { projectName } from '../projects/queries.ts'
import type { Sandbox, Sandboxes } from './port.ts'
import type { NewCommand } from '#shared/sandboxes/api.ts'
import type { z } from 'zod'

/** Of each stream; the rest is read and left out. */
const maxOutput = 1024 * 1024
const defaultTimeoutMs = 120_000

/** `files`: a command sees what people have typed, and what it changes is known to be its. */
type Deps = { sandboxes: Sandboxes; database: Database; files: Pick<Files, 'settle' | 'commandBegan'> }

export function sandboxRoutes(app: Hono<AppEnv>, authorize: Authorize, deps: Deps): void {
  const { sandboxes, database, files } = deps
  const nameOf = (id: ProjectId) => projectName(database.db, id)

  serve(app, authorize, sandboxCalls.getSandbox, ({ params }) => sandboxes.state(params.id))
  serve(app, authorize, sandboxCalls.startSandbox, ({ params }) => sandboxes.wake(params.id))
  serve(app, authorize, sandboxCalls.pauseSandbox, ({ params }) => sandboxes.pause(params.id))
  serve(app, authorize, sandboxCalls.killSandbox, ({ params }) => sandboxes.kill(params.id))
  serve(app, authorize, sandboxCalls.restartSandbox, ({ params }) => sandboxes.restart(params.id))
  serve(app, authorize, sandboxCalls.deleteSandbox, async ({ params, body }) => {
    const name = await nameOf(params.id)
    if (body.confirm !== name) throw new AppError('invalid_input', "confirm: must be the project's name, to delete its sandbox with all files")
    await sandboxes.remove(params.id)
    return sandboxes.state(params.id)
  })
  serve(app, authorize, sandboxCalls.getSandboxUsage, async ({ params }) => ({ usage: (await sandboxes.usage(params.id)) ?? null }))
  serve(app, authorize, sandboxCalls.getSandboxLimits, ({ params }) => sandboxes.limits(params.id))
  serve(app, authorize, sandboxCalls.setSandboxLimits, ({ params, body }) => sandboxes.setLimits(params.id, body))
  serve(app, authorize, sandboxCalls.runCommand, async ({ params, body, request }) => {
    const sandbox = await sandboxes.get(params.id)
    await files.settle(params.id)
    const ended = files.commandBegan(params.id, { kind: 'sandbox' })
    return runToEnd(sandbox, body, request.signal).finally(ended)
  })
}

/** @param signal of the request: whoever asked has gone, so nobody will read the answer. */
async function runToEnd(sandbox: Sandbox, { command, cwd, timeoutMs }: z.infer<typeof NewCommand>, signal: AbortSignal) {
  const [stdout, stderr] = [keepUpTo(maxOutput), keepUpTo(maxOutput)]
  const running = await sandbox.run(command, {
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    ...(cwd !== undefined && { cwd }),
    onStdout: stdout.add,
    onStderr: stderr.add,
  })
  const stop = () => void running.kill().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const { exitCode, timedOut, reason } = await running.exit
  signal.removeEventListener('abort', stop)
  if (timedOut) stderr.add(`\n[stopped after ${timeoutMs ?? defaultTimeoutMs} ms]\n`)
  if (reason !== undefined) stderr.add(`\n[ended: ${reason}]\n`)
  return { exitCode, stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.cut() || stderr.cut() }
}

function keepUpTo(max: number) {
  let kept = ''
  let cut = false
  return {
    add(text: string) {
      if (cut) return
      const fits = cutAfter(text, max - kept.length)
      kept += fits
      cut = fits.length < text.length
    },
    text: () => kept,
    cut: () => cut,
  }
}
