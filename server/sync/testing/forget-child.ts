import { openDatabase } from '../../db/open.ts'
import { createLeases } from '../../rooms/leases.ts'
import { thisProcess } from '../../rooms/process-identity.ts'
import { createCompactor } from '../compactor.ts'
import { forgetBefore } from '../forget.ts'
import { silent } from './room.ts'

/** Forgets in a process of its own, to be killed. Prints each step that it reached as a line, and `done`. */
const { databaseUrl, dataDir, projectId, document, before } = JSON.parse(process.argv[2] ?? '{}')
const database = await openDatabase({ databaseUrl, dataDir }, silent)
const leases = createLeases({ database, me: thisProcess(), log: silent })
const deps = { database, clock: { now: () => Date.now() }, compactor: createCompactor() }
const say = (line: string) => void process.stdout.write(`${line}\n`)
const { lease } = await leases.hold(projectId)
await forgetBefore(deps, lease, document, before, undefined, say)
say('done')
