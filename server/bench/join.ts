import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { readItems } from '#shared/sessions/doc.ts'
import { createLogger } from '../base/logger.ts'
import { openDatabase } from '../db/open.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { logLimits } from '../sync/limits.ts'
import { machineNow } from './clock.ts'
import { fillSession } from './fill-session.ts'
import { median, ms, times } from './figures.ts'
import type { Figure } from './figures.ts'
import { firstVisitor, makeRoom } from './visitor.ts'

const sizes = { big: 100_000, small: 300 }
const bound = 1.3
const rounds = { cold: 9, warm: 31 }

/**
 * From opening a socket to holding the session's document, for a long session and a short one: cold, when nobody was there
 * for a while and the document is made anew, and warm, when somebody was there just now.
 */
export async function benchJoin(): Promise<Figure[]> {
  const server = await startCrashableServer({ ATRIUM_SANDBOX: 'off' })
  try {
    const visitor = await firstVisitor(server.url)
    const rooms = { big: await makeRoom(visitor), small: await makeRoom(visitor), warmUp: await makeRoom(visitor) }
    await server.pause()
    const database = await openDatabase({ databaseUrl: undefined, dataDir: server.dataDir }, createLogger('warn'))
    await fillSession(database, rooms.big.sessionId, visitor.userId, sizes.big)
    await fillSession(database, rooms.small.sessionId, visitor.userId, sizes.small)
    await fillSession(database, rooms.warmUp.sessionId, visitor.userId, sizes.small)
    await database.close()

    const address = `${server.url.replace('http', 'ws')}/sync`
    const join = (room: { sessionId: string }) => joinSession(address, room.sessionId, visitor.key)
    const cold = { big: [] as number[], small: [] as number[] }
    const warm = { big: [] as number[], small: [] as number[] }
    await server.resume()
    for (let i = 0; i < 5; i += 1) await join(rooms.warmUp)
    for (let round = 0; round < rounds.cold; round += 1) {
      const order = round % 2 === 0 ? (['big', 'small'] as const) : (['small', 'big'] as const)
      for (const size of order) cold[size].push(await join(rooms[size]))
      // Nobody is there any more: the server puts the documents away.
      await new Promise((resolve) => setTimeout(resolve, logLimits.lingerMs + 1500))
    }
    for (let i = 0; i < rounds.warm; i += 1) {
      for (const size of ['big', 'small'] as const) warm[size].push(await join(rooms[size]))
    }
    // The first of each made the document.
    for (const size of ['big', 'small'] as const) warm[size].shift()
    return [figure('cold', cold), figure('warm', warm)]
  } finally {
    await server.stop()
  }
}

function figure(how: string, took: { big: number[]; small: number[] }): Figure {
  const ratio = median(took.big) / median(took.small)
  return {
    what: `join, ${how}: a session of ${sizes.big.toLocaleString('en-US')} items against one of ${sizes.small}`,
    measured: `${ms(median(took.big))} against ${ms(median(took.small))}: ${times(ratio)}`,
    bound: `≤ ${bound}×`,
    ok: ratio <= bound,
  }
}

async function joinSession(url: string, sessionId: string, token: string): Promise<number> {
  const started = machineNow()
  const document = new Y.Doc()
  const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
  const held = Promise.withResolvers<number>()
  const provider = new HocuspocusProvider({
    websocketProvider,
    name: `session/${sessionId}`,
    token,
    document,
    onSynced: () => held.resolve(machineNow()),
    onAuthenticationFailed: ({ reason }) => held.reject(new Error(reason)),
  })
  provider.attach()
  const took = (await held.promise) - started
  const items = readItems(document).length
  provider.destroy()
  websocketProvider.destroy()
  if (items < 100) throw new Error(`only ${items} items were there`)
  return took
}
