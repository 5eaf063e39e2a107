import { treeOf } from '../sandboxes/host/proc.ts'
import { openTestHost } from './sandbox-host.ts'

/** A host in a process of its own, for a test that kills it. Prints one line: the sandbox and the pids below this process. */
const here = await openTestHost({ dataDir: String(process.argv[2]) })
const sandbox = await here.create()
await sandbox.commands.run('setsid sleep 65432 >/dev/null 2>&1 & echo', { background: false })
await sandbox.files.write('before.txt', 'written before')
const pids = treeOf(process.pid).filter((pid) => pid !== process.pid)
process.stdout.write(`${JSON.stringify({ id: sandbox.sandboxId, pids })}\n`)
