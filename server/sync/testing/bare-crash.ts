import { Hocuspocus } from '@hocuspocus/server'
import { pino } from 'pino'
import { GuardedHocuspocus } from '../hocuspocus.ts'

/** A server with a hook that throws: bare, or ours. Prints `alive` when it is, a turn after the hook ran. */
const [form, hook] = process.argv.slice(2)
const fail = async () => {
  throw new Error('a bug in a hook')
}
const server =
  form === 'bare' ? new Hocuspocus({ quiet: true, [hook ?? '']: fail }) : new GuardedHocuspocus({ [hook ?? '']: fail }, pino({ level: 'silent' }), {})
const connection = await server.openDirectConnection('x')
const { document } = connection
await connection.transact((doc) => void doc.getMap('m').set('a', 1))
document?.awareness.setLocalState({ here: true })
document?.broadcastStateless('hello')
await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
process.stdout.write('alive\n', () => process.exit(0))
