import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { loggedError } from './logged-error.ts'

export type { Logger } from 'pino'

/** Fields that must never be printed, wherever they hang in a logged object. */
const secrets = ['password', 'token', 'secret', 'authorization', 'cookie', 'apiKey', 'accessToken']

/** JSON lines on stdout. Children carry `requestId`, `projectId`, `runId`, `userId`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: loggedError },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
