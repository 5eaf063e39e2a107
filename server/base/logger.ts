import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { logFields } from './log-fields.ts'
import { loggedError } from './logged-error.ts'

export type { Logger } from 'pino'

/** Fields that must never be printed, wherever they hang in a logged object. */
const secrets = ['password', 'token', 'secret', 'authorization', 'cookie', 'apiKey', 'accessToken']

/** JSON lines on stdout. Each has what is known where it is logged: `requestId`, `userId`, `projectId`, `sessionId`, `runId`, `job`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: loggedError },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    mixin: (_line: object, _level: number, logger: Logger) => beside(logger.bindings()),
  }
  return destination ? pino(options, destination) : pino(options)
}

/** What a child of the logger says itself is not said twice. */
const beside = (own: object): object => Object.fromEntries(Object.entries(logFields()).filter(([name]) => !Object.hasOwn(own, name)))
