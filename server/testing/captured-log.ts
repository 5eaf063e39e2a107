import { createLogger } from '../base/logger.ts'

export type LogLine = { level: number; msg: string; [field: string]: unknown }

/** The server's own logger, with its lines kept instead of printed. */
export function captureLog(level = 'debug') {
  const raw: string[] = []
  const lines: LogLine[] = []
  const log = createLogger(level, {
    write(line: string) {
      raw.push(line)
      lines.push(JSON.parse(line) as LogLine)
    },
  })
  return {
    log,
    /** As they would be printed. */
    raw: raw as readonly string[],
    lines: lines as readonly LogLine[],
    /** Those that say this, oldest first. */
    saying: (msg: string) => lines.filter((line) => line.msg === msg),
    /** `grep <requestId>` */
    ofRequest: (requestId: string | null) => lines.filter((line) => line.requestId === requestId),
  }
}
