import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '../base/logger.ts'
import { readConfig } from '../config.ts'
import { startServer } from '../start-server.ts'

// The server as it is started by hand. In its first life it is killed between a commit and the first listener of the event in `ATRIUM_TEST_DIES_AT`.
const config = readConfig(process.env)
const died = join(config.dataDir, 'died-at-event')
const log = createLogger('debug', {
  write(line) {
    const { msg, event, level } = JSON.parse(line) as { msg: string; event?: string; level: number }
    if (msg === 'delivering an event' && event === process.env.ATRIUM_TEST_DIES_AT && !existsSync(died)) {
      writeFileSync(died, '')
      process.kill(process.pid, 'SIGKILL')
    }
    if (level >= 40 || msg === 'an event was delivered') process.stdout.write(line)
  },
})
const server = await startServer(config, { log })
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
