import { Hocuspocus } from '@hocuspocus/server'
import { pino } from 'pino'
import { GuardedHocuspocus } from '../hocuspocus.ts'
import { messageType } from '../frames.ts'
import { awarenessFrame, statelessFrame, syncFrame } from './frames.ts'
import { startBare } from './bare.ts'

/**
 * A server with a hook that throws: bare, or ours. Somebody joins, edits, appears, says something, hears something and
 * goes, so that every hook runs. Prints `alive` when the server is when all that is done.
 */
const [form, hook] = process.argv.slice(2)
let failed = () => undefined as void
const ran = new Promise<void>((resolve) => (failed = resolve))
const fail = async () => {
  failed()
  throw new Error('a bug in a hook')
}
const hooks = { [hook ?? '']: fail }
// Nothing to save, so that the last to leave unloads the document.
const server =
  form === 'bare'
    ? new Hocuspocus({ quiet: true, debounce: 0, ...hooks })
    : new GuardedHocuspocus({ onAuthenticate: async () => undefined, ...hooks }, pino({ level: 'silent' }), {})
const bare = await startBare(server)
const { ws } = await bare.join('x')
ws.send(awarenessFrame('x', [[7, 1, { user: 'Ada' }]]))
ws.send(syncFrame('x', 2, Uint8Array.of(1, 1, 7, 0, 4, 1, 1, 109, 1, 97, 0)))
ws.send(statelessFrame('x', 'hello'))
while (!server.documents.get('x')?.awareness.getStates().has(7)) await new Promise((resolve) => setImmediate(resolve))
server.documents.get('x')?.broadcastStateless('hello')
const heard = new Promise<void>((resolve) => ws.on('message', (data: Buffer) => data.includes(messageType.stateless) && resolve()))
await Promise.race([heard, ran])
ws.close()
await ran
// A rejection that nobody handled ends the process before this.
await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
process.stdout.write('alive\n', () => process.exit(0))
