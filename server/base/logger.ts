import { pino } from 'pino'
import type { Logger } from 'pino'

export type { Logger } from 'pino'

/** Fields that must never be printed, wherever they hang in a logged object. */
const secrets = ['password', 'token', 'secret', 'authorization', 'cookie', 'apiKey', 'accessToken']

/** JSON lines on stdout. Children carry `requestId`, `projectId`, `runId`, `userId`. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' } })
}
