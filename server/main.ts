import { enableCompileCache } from 'node:module'
import { ConfigError, readConfig } from './config.ts'
import type { RunningServer } from './start-server.ts'

/** After this an orderly stop has failed, and the process ends as it is. Nothing acknowledged depends on it. */
const lastMomentMs = 5000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  // A later start finds the modules stripped and compiled. Loaded only now, so that a wrong variable is told at once.
  enableCompileCache()
  const [{ createLogger }, { startServer }] = await Promise.all([import('./base/logger.ts'), import('./start-server.ts')])
  const log = createLogger(config.logLevel)
  const server = await startServer(config, { log })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupted(server))
  // Started by `npm start`, whose process is gone: nobody could stop this one any more.
  process.on('disconnect', () => interrupted(server))
  const failed = (error: unknown) => {
    log.fatal({ err: error }, 'stopping after a failure')
    void end(server, 1)
  }
  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
  server.onFailed(failed)
  process.stdout.write(`\nAtrium is ready at ${server.url}\n\n`)
  const setupCode = await server.parts.auth.setupCode()
  if (setupCode !== undefined) tellSetup(server.url, setupCode)
  if (config.sandbox.provider === 'local') await tellLacks()
}

/** Whoever sees this console runs the server. After the `#` the code stays out of addresses that proxies write down. */
function tellSetup(url: string, code: string): void {
  process.stdout.write(`There is no account yet. The first one manages this workspace. Make it at\n  ${url}/sign-up#setup=${code}\n`)
  process.stdout.write(`By another address of this server, open /sign-up there; it asks for the setup code ${code}\n\n`)
}

/** What rooms here have to do without, and the command that changes it. */
async function tellLacks(): Promise<void> {
  const { findLacks } = await import('./sandboxes/host/lacks.ts')
  const lacks = await findLacks().catch(() => [])
  if (lacks.length === 0) return
  process.stdout.write(`Rooms of this machine have no ${lacks.map(({ need }) => need).join(', ')}. On Debian or Ubuntu they come with:\n`)
  for (const { need, install } of lacks) process.stdout.write(`  ${need}: ${install}\n`)
  process.stdout.write('\n')
}

/** Ctrl-C in a terminal arrives several times: from the terminal, from npm, from the start script. That is one wish. */
const oneWishMs = 1000
let interruptedAt: number | undefined

/** The first signal ends in order; another one, later, at once. */
function interrupted(server: RunningServer): void {
  interruptedAt ??= performance.now()
  if (performance.now() - interruptedAt > oneWishMs) process.exit(130)
  void end(server, 0)
}

let ending = false

async function end(server: RunningServer, code: number): Promise<void> {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(code || 1), lastMomentMs).unref()
  await server.stop()
  process.exit(code)
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
  else process.stderr.write(`Atrium could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
