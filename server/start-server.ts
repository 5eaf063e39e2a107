import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import { createApp } from './app.ts'
import { createAuthorize } from './auth/authorize-http.ts'
import { authRoutes } from './auth/routes.ts'
import { createAuth } from './auth/service.ts'
import { systemClock } from './base/clock.ts'
import type { Clock } from './base/clock.ts'
import { createLogger } from './base/logger.ts'
import type { Logger } from './base/logger.ts'
import { stopInOrder } from './base/stop-in-order.ts'
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import { openDatabase } from './db/open.ts'
import { createHttpServer, listen } from './http/listen.ts'
import { createMetrics } from './http/metrics.ts'
import { projectRoutes } from './projects/routes.ts'
import { createProjects } from './projects/service.ts'

const inCheckout = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const hourMs = 3_600_000

/**
 * Builds every part, in the order in which they need each other, and serves.
 * @throws ConfigError, before anything listens, when something cannot be used as configured.
 */
export async function startServer(config: Config, options: { log?: Logger; clock?: Clock } = {}) {
  const log = options.log ?? createLogger(config.logLevel)
  const clock = options.clock ?? systemClock
  const { version } = JSON.parse(await readFile(inCheckout('package.json'), 'utf8')) as { version: string }

  await makeDataDir(config.dataDir)
  const database = await openDatabase(config, log)
  const stops: Parameters<typeof stopInOrder>[0][number][] = [{ name: 'database', stop: () => database.close(), withinMs: 2500 }]
  try {
    let stopping = false
    const metrics = createMetrics()
    const auth = createAuth({ database, clock, config })
    const projects = createProjects({ database, clock, log })
    const authorize = createAuthorize({ auth, database })

    const app = createApp({
      log,
      metrics,
      version,
      clientFolder: inCheckout('dist'),
      async ready() {
        if (stopping) throw new AppError('unavailable', 'The server is stopping.')
        await database.rows(sql`select 1`)
      },
      mount(routes) {
        authRoutes(routes, authorize, { auth, redeemInvite: projects.redeemInvite })
        projectRoutes(routes, authorize, { projects, limits: auth.limits })
      },
    })

    const server = createHttpServer(app)
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => socket.destroy())
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    })

    const tidying = setInterval(() => {
      auth.removeExpired().catch((error: unknown) => log.warn({ err: error }, 'removing expired sessions failed'))
    }, hourMs)
    stops.unshift({ name: 'timers', stop: () => clearInterval(tidying), withinMs: 100 })

    const address = await listen(server, config)
    // First of all, nothing new comes in; last of all before the database, whoever still holds on is let go.
    stops.unshift({
      name: 'listening',
      stop() {
        stopping = true
        server.close()
        server.closeIdleConnections()
      },
      withinMs: 100,
    })
    stops.splice(-1, 0, { name: 'connections', stop: () => server.closeAllConnections(), withinMs: 100 })

    let stopped: Promise<void> | undefined
    return {
      ...address,
      /** The parts, for whoever embeds the server, as tests do. */
      parts: { app, database, auth, projects, metrics, authorize },
      /** In order: nothing new, runs, documents, sandboxes, database. Idempotent. */
      stop: (): Promise<void> => (stopped ??= stopInOrder(stops, log)),
      onFailed: database.onFailed,
    }
  } catch (error) {
    await stopInOrder(stops, log)
    throw error
  }
}

export type RunningServer = Awaited<ReturnType<typeof startServer>>

async function makeDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new ConfigError(`ATRIUM_DATA_DIR must be a folder that can be written: ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'}).`)
  }
}
