import { createLogger } from '../base/logger.ts'
import { readConfig } from '../config.ts'
import { startServer } from '../start-server.ts'
import { twoAgents } from './two-agents.ts'

// The server as it is started by hand, with a second agent.
const config = readConfig(process.env)
const server = await startServer(config, { log: createLogger(config.logLevel), makeProfiles: twoAgents })
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
