import { pino } from 'pino'
import { z } from 'zod'
import { systemClock } from '../../base/clock.ts'
import { startLocalHost } from './host.ts'
import { probeIsolation } from './isolation/probe.ts'

/*
 * `npm run sandbox-host`: the local host alone, for any program that uses E2B's SDKs. Settings are in the environment; see
 * README.md beside this file.
 */

const Settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3001).describe('a port from 0 to 65535'),
  HOST: z.string().min(1).default('127.0.0.1').describe('an address to listen on'),
  E2B_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/)
    .optional()
    .describe('a key of at least 16 characters that callers must show'),
  ATRIUM_DATA_DIR: z.string().min(1).default('.atrium-sandboxes').describe('a folder'),
  ATRIUM_EGRESS: z.string().default('').describe('host names that sandboxes may reach, separated by commas'),
  ATRIUM_SANDBOX_UNSAFE: z.enum(['0', '1']).default('0').describe('0 or 1'),
  ATRIUM_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn').describe('a level of the log'),
})

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

// oxlint-disable-next-line node/no-process-env -- a program of its own, whose configuration this is
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
const parsed = Settings.safeParse(given)
if (!parsed.success) {
  const name = String(parsed.error.issues[0]?.path[0]) as keyof typeof Settings.shape
  fail(`${name} must be ${Settings.shape[name].description}.`)
}
const settings = parsed.data
const probe = await probeIsolation({ unsafe: settings.ATRIUM_SANDBOX_UNSAFE === '1' })
if (!probe.isolator) fail(probe.detail)

const host = await startLocalHost({
  dataDir: settings.ATRIUM_DATA_DIR,
  isolator: probe.isolator,
  egress: settings.ATRIUM_EGRESS.split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== ''),
  clock: systemClock,
  log: pino({ level: settings.ATRIUM_LOG_LEVEL }, pino.destination(2)),
  listen: { port: settings.PORT, host: settings.HOST },
  ...(settings.E2B_API_KEY !== undefined && { apiKey: settings.E2B_API_KEY }),
}).catch((thrown: unknown) => fail(`The host did not start: ${thrown instanceof Error ? thrown.message : String(thrown)}`))

const { port } = new URL(host.url)
process.stdout.write(
  [
    `Sandboxes on ${host.url} (isolation: ${host.isolation}). For programs that use E2B's SDKs:`,
    '',
    `  E2B_API_KEY=${host.apiKey}`,
    `  E2B_API_URL=${host.url}`,
    `  E2B_SANDBOX_URL=${host.url}`,
    `  E2B_DOMAIN=localhost:${port}`,
    '',
  ].join('\n'),
)

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1)
    stopping = true
    void host.stop().then(() => process.exit(0))
  })
}
