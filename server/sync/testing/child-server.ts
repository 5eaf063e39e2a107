import { openDatabase } from '../../db/open.ts'
import { silent, startRoom, type TestUser } from './room.ts'

/** A sync server in a process of its own, to be killed. Prints its address as a line of JSON. */
const { databaseUrl, dataDir, people, projectId, sessionId } = JSON.parse(process.argv[2] ?? '{}')
const database = await openDatabase({ databaseUrl, dataDir }, silent)
const room = await startRoom(database, people as { ada: TestUser; mei: TestUser; tomas: TestUser }, { projectId, sessionId })
process.stdout.write(`${JSON.stringify({ url: room.url })}\n`)
