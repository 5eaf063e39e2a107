import { createLogger } from './base/logger.ts'
import { ConfigError, readConfig } from './config.ts'
import { startServer } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

/** After this an orderly stop has failed, and the process ends as it is. Nothing acknowledged depends on it. */
const lastMomentMs = 5000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger(config.logLevel)
  const server = await startServer(config, { log })
  process.stdout.write(`\nAtrium is ready at ${server.url}\n\n`)

  process.on('SIGINT', () => void end(server, 0))
  process.on('SIGTERM', () => void end(server, 0))
  const failed = (error: unknown) => {
    log.fatal({ err: error }, 'stopping after a failure')
    void end(server, 1)
  }
  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
  server.onFailed(failed)
}

let ending = false

/** A second signal ends at once. */
async function end(server: RunningServer, code: number): Promise<void> {
  if (ending) process.exit(code || 130)
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
