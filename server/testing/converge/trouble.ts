import { type HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider'
import { setTimeout as wait } from 'node:timers/promises'
import { countFaults } from './outcome.ts'
import type { Run } from './run.ts'
import type { Random } from './words.ts'

/** People's connections break, and the server dies, while the others go on. */
export async function makeTrouble(run: Run, random: Random): Promise<void> {
  const { options, outcome, desks, server } = run
  await run.allOpen
  let nextKill = options.killEvery
  while (outcome.interleavings < options.interleavings && run.begun < options.interleavings) {
    await wait(50 + random(200))
    if (random(3) === 0) {
      const { socket } = random(2) === 0 ? desks.ada : desks.mei
      outcome.disconnects++
      run.calm = (async () => {
        await cut(socket)
        await wait(random(150))
        await mend(socket)
      })()
      await run.calm
    }
    if (outcome.interleavings >= nextKill) {
      nextKill += options.killEvery
      outcome.kills++
      run.calm = server.kill().then(async () => void (await server.start()))
      await run.calm
      options.log?.(`${outcome.interleavings} interleavings, ${outcome.kills} kills, ${outcome.conflicts} conflicts, ${countFaults(outcome.faults)}`)
    }
  }
}

/** A client that still closes does not hear that it is to connect: it is told until it has heard. */
async function mend(socket: HocuspocusProviderWebsocket): Promise<void> {
  while (!socket.shouldConnect) {
    void socket.connect()
    await wait(20)
  }
}

/** Told to connect while it still closes, the client would never do so. */
async function cut(socket: HocuspocusProviderWebsocket): Promise<void> {
  if (socket.status !== WebSocketStatus.Connected) return
  socket.disconnect()
  // Bounded: a close that is never told must not end all trouble.
  for (const late = performance.now() + 5_000; socket.status === WebSocketStatus.Connected && performance.now() < late;) await wait(5)
}
