import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sandbox } from 'e2b'
import type { SandboxOpts } from 'e2b'
import { pino } from 'pino'
import { systemClock } from '../base/clock.ts'
import { startLocalHost } from '../sandboxes/host/host.ts'
import type { Isolator, Limits } from '../sandboxes/host/isolation/plan.ts'
import { probeIsolation } from '../sandboxes/host/isolation/probe.ts'

const probe = await probeIsolation({ unsafe: false })

/** A host on a folder of its own, and the unmodified SDK bound to it. */
export async function openTestHost(
  options: {
    dataDir?: string
    limits?: Partial<Limits>
    egress?: string[]
    resolve?: (host: string) => Promise<string[]>
    isolator?: Isolator
    groups?: Parameters<typeof startLocalHost>[0]['groups']
  } = {},
) {
  const isolator = options.isolator ?? probe.isolator
  if (!isolator) throw new Error(probe.detail)
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'atrium-host-')))
  const host = await startLocalHost({
    dataDir,
    isolator,
    egress: options.egress ?? [],
    clock: systemClock,
    log: pino({ level: 'silent' }),
    ...(options.limits && { limits: options.limits }),
    ...(options.resolve && { resolve: options.resolve }),
    ...(options.groups && { groups: options.groups }),
  })
  const connection = { apiKey: host.apiKey, apiUrl: host.url, sandboxUrl: host.url }
  return {
    host,
    dataDir,
    connection,
    create: (more: SandboxOpts = {}) => Sandbox.create({ ...connection, ...more }),
    async close(keepFiles = false) {
      await host.stop()
      if (!keepFiles) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type TestHost = Awaited<ReturnType<typeof openTestHost>>

/** Runs a command and gives what it printed, whatever its code. */
export async function say(sandbox: Sandbox, command: string, timeoutMs = 20_000) {
  let stdout = ''
  let stderr = ''
  const handle = await sandbox.commands.run(command, {
    background: true,
    timeoutMs,
    onStdout: (text) => void (stdout += text),
    onStderr: (text) => void (stderr += text),
  })
  const exitCode = await handle.wait().then(
    () => 0,
    (error: { exitCode?: number }) => error.exitCode ?? -1,
  )
  return { exitCode, stdout, stderr }
}
