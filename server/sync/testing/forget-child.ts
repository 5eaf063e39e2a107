import { hostname } from 'node:os'
import { openDatabase } from '../../db/open.ts'
import { createCompactor } from '../compactor.ts'
import { forgetBefore } from '../forget.ts'
import { createRoomLeases } from '../room-lease.ts'
import { silent } from './room.ts'

/** Forgets in a process of its own, to be killed. Prints each step that it reached as a line, and `done`. */
const { databaseUrl, dataDir, projectId, document, before } = JSON.parse(process.argv[2] ?? '{}')
const database = await openDatabase({ databaseUrl, dataDir }, silent)
const leases = createRoomLeases({ database, ownerId: `${hostname()}:${process.pid}:child`, log: silent })
const deps = { database, clock: { now: () => Date.now() }, compactor: createCompactor() }
const say = (line: string) => void process.stdout.write(`${line}\n`)
await forgetBefore(deps, await leases.take(projectId), document, before, undefined, say)
say('done')
