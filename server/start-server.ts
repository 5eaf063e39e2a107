import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '#shared/base/errors.ts'
import { answerRequests } from './answer-requests.ts'
import { createApp, metricsCall } from './app.ts'
import { systemClock } from './base/clock.ts'
import type { Clock } from './base/clock.ts'
import { makeFolder } from './base/make-folder.ts'
import { readVersion } from './base/version.ts'
import { restoreMark } from './backup/data-folder.ts'
import { createBackups } from './backup/service.ts'
import { createLogger } from './base/logger.ts'
import type { Logger } from './base/logger.ts'
import { stopInOrder } from './base/stop-in-order.ts'
import type { Stop } from './base/stop-in-order.ts'
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import { createHealth } from './db/health.ts'
import { takeLock } from './db/lock.ts'
import { patchPostgresJs } from './db/patch-postgres-js.ts'
import type { OneServer } from './db/one-server.ts'
import { openDatabase } from './db/open.ts'
import { createPatience } from './db/patience.ts'
import { createClientOf } from './http/client-info.ts'
import { listen } from './http/listen.ts'
import { createScrape } from './metrics/gauges.ts'
import { createReaders } from './metrics/readers.ts'
import { createMetrics } from './metrics/service.ts'
import { openAdminSocket } from './admin/socket.ts'
import { runAdminCommand } from './admin/commands.ts'
import { internalUrl } from './rooms/internal-url.ts'
import { readHostId } from './sandboxes/host-id.ts'
import { builtInProfiles, type MakeProfiles } from './profiles/built-in.ts'

const inCheckout = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/**
 * Opens the database, builds every part, listens, and lets what was under way go on.
 * @throws ConfigError when something cannot be used as configured; nothing is left open then.
 */
export async function startServer(config: Config, options: { log?: Logger; clock?: Clock; makeProfiles?: MakeProfiles } = {}) {
  const log = options.log ?? createLogger(config.logLevel)
  const clock = options.clock ?? systemClock
  const version = await readVersion()

  await makeDataDir(config.dataDir)
  refuseHalfRestored(config.dataDir)
  // Loaded while the database opens in its own thread.
  const composing = import('./compose.ts')
  composing.catch(() => undefined)
  const { database, alone, closing } = await openHeld(config, log)
  let stops: Stop[] = [closing]
  try {
    const state = { ready: false, url: '', internalUrl: '' }
    const metrics = createMetrics()
    const checkDatabase = createHealth(database)
    // The embedded one is in this process: it hangs with it, and one long transaction keeps everybody waiting, the check too.
    const patiently = database.kind === 'postgres' ? createPatience(checkDatabase, log) : (call: () => Promise<void>) => call()
    const clientOf = createClientOf({ trustedProxies: config.trustedProxies, log })
    const { composeFeatures } = await composing
    const features = await composeFeatures({
      config,
      database,
      clock,
      log,
      metrics,
      clientOf,
      ownUrl: () => state.url,
      internalUrl: () => state.internalUrl,
      makeProfiles: options.makeProfiles ?? builtInProfiles,
    })
    stops = [...features.stops, closing]
    const checkReader = createReaders({
      check: (request, client) => patiently(async () => void (await features.parts.authorize(metricsCall, request, {}, client))),
      onCredentialEnded: features.onCredentialEnded,
    })

    const app = createApp({
      log,
      metrics,
      scrape: createScrape({ registry: metrics.registry, database, clock, readings: features.readings }),
      version,
      clientFolder: inCheckout('dist'),
      previewHost: config.previewHost,
      clientOf,
      async ready() {
        if (!state.ready) throw new AppError('unavailable', 'The server is starting or stopping.')
        await checkDatabase()
      },
      patiently,
      checkReader,
      mount: features.mount,
    })
    const server = answerRequests(app, { config, features, clientOf, log })

    const { port, url } = await listen(server, config)
    state.url = url
    state.internalUrl = config.internalUrl ?? internalUrl(config.host, port)
    const { dataDir } = config
    const backups = createBackups({ database, dataDir, version, home: () => readHostId(dataDir), clock, log, hold: features.quiesce })
    const { people } = features.parts
    const closeAdmin = await openAdminSocket(dataDir, (asked, asking) => runAdminCommand({ people, backups }, url, asked, asking), log)
    stops = [
      // First of all, nothing new comes in.
      {
        name: 'listening',
        stop() {
          state.ready = false
          server.close()
          server.closeIdleConnections()
        },
        withinMs: 100,
      },
      { name: 'admin socket', stop: closeAdmin, withinMs: 50 },
      ...features.stops,
      // Last of all before the database, whoever still holds on is let go.
      { name: 'connections', stop: () => server.closeAllConnections(), withinMs: 100 },
      closing,
    ]
    await features.start()
    state.ready = true

    let stopped: Promise<void> | undefined
    return {
      port,
      url,
      /** The parts, for whoever embeds the server, as tests do. */
      parts: { ...features.parts, app, database, metrics },
      /** In order: nothing new, runs, documents, sandboxes, database. Idempotent. */
      stop: (): Promise<void> => (stopped ??= stopInOrder(stops, log)),
      /** Called when the server cannot go on and has to be stopped. */
      onFailed(listener: (error: Error) => void) {
        database.onFailed(listener)
        alone?.onLost(listener)
      },
    }
  } catch (error) {
    await stopInOrder(stops, log)
    throw error
  }
}

export type RunningServer = Awaited<ReturnType<typeof startServer>>

/**
 * The parts over the database, for a command that works while no server does: nothing listens, and nothing that was under way goes on.
 * @throws ConfigError when a server works on the database, or when it cannot be used
 */
export async function composeAlone(config: Config) {
  const log = createLogger('error')
  const { database, closing } = await openHeld(config, log, { alone: true })
  try {
    const { composeFeatures } = await import('./compose.ts')
    const clientOf = createClientOf({ trustedProxies: config.trustedProxies, log })
    const metrics = createMetrics()
    const { parts, stops } = await composeFeatures({
      config,
      database,
      clock: systemClock,
      log,
      metrics,
      clientOf,
      ownUrl: () => '',
      internalUrl: () => '',
      makeProfiles: builtInProfiles,
    })
    return { parts, stop: () => stopInOrder([...stops, closing], log) }
  } catch (error) {
    await stopInOrder([closing], log)
    throw error
  }
}

/** The database, held by this server, and how both are let go. */
async function openHeld(config: Config, log: Logger, how?: { alone: boolean }) {
  const alone = await holdServer(config, log, how)
  const database = await openDatabase(config, log).catch(async (error: unknown) => {
    await alone?.release()
    throw error
  })
  const close = async () => {
    await database.close()
    await alone?.release()
  }
  return { database, alone, closing: { name: 'database', stop: close, withinMs: 900 } satisfies Stop }
}

/**
 * On Postgres: this server alone works on its data folder, and on its database alone, or with those who have the same secret. The embedded
 * database locks itself.
 */
export async function holdServer({ databaseUrl, dataDir, secret }: Config, log: Logger, { alone = false } = {}): Promise<OneServer | undefined> {
  if (!databaseUrl) return undefined
  const unlock = takeLock(join(dataDir, 'server.lock'))
  try {
    patchPostgresJs()
    const { holdDatabase } = await import('./db/one-server.ts')
    const held = await holdDatabase(databaseUrl, log, { shared: !alone && secret !== undefined })
    const release = async () => {
      await held.release()
      unlock()
    }
    return { ...held, release }
  } catch (error) {
    unlock()
    throw error
  }
}

/** @throws ConfigError for a folder into which a restore was begun and never ended */
function refuseHalfRestored(path: string): void {
  if (!existsSync(join(path, restoreMark))) return
  throw new ConfigError(`A restore into ${path} did not end. Empty that folder, and the database if it is on Postgres, and restore again.`)
}

async function makeDataDir(path: string): Promise<void> {
  try {
    await makeFolder(path)
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ConfigError(`ATRIUM_DATA_DIR must be a folder that can be written: ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'}).`)
  }
}
