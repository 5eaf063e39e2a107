import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { startBalancer } from '../testing/balancer.ts'
import { ada as adasAccount, asPerson, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { startRecoveryProbe } from '../testing/recovery.ts'
import { needs } from '../testing/require.ts'
import { allItems, openTab } from '../testing/room-crash.ts'
import { type ScriptedReply, startScriptedModel } from '../testing/scripted-model.ts'
import { startSeveral, type Several } from '../testing/several.ts'

const people = 10
/** How long is a figure of `npm run bench -- rolling`. */
const boundMs = process.env.ATRIUM_ROLLING ? 3_000 : 30_000
const words = Array.from({ length: 400 }, (_, at) => `w${at}`)

/** Says its words slowly, from the beginning whenever it is asked. */
async function script(reply: ScriptedReply): Promise<void> {
  let gone = false
  void reply.request.aborted.then(() => (gone = true))
  for (const word of words) {
    if (gone) return
    reply.delta(`${word} `)
    await pause(20)
  }
  reply.finish()
}

describe('three processes that are started anew one after another', await needs('postgres'), () => {
  let several: Several
  let balancer: Awaited<ReturnType<typeof startBalancer>>
  let model: Awaited<ReturnType<typeof startScriptedModel>>
  let ada: TestPerson
  beforeAll(async () => {
    model = await startScriptedModel()
    model.answer(script)
    several = await startSeveral(3, { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' })
    balancer = await startBalancer(() => several.processes.filter(({ child }) => child.exitCode === null).map(({ url }) => url))
    const signedUp = await signUp(several.processes[0]?.url ?? '', adasAccount)
    ada = asPerson(balancer.url, signedUp, signedUp.cookie)
  })
  afterAll(async () => {
    await balancer?.close()
    await several?.stop()
    await model?.stop()
  })

  /** Somebody who sees the agent stream. */
  async function startReading(sessionId: string) {
    const socket = new HocuspocusProviderWebsocket({
      url: `${balancer.url.replace('http', 'ws')}/sync`,
      WebSocketPolyfill: withHeaders({ cookie: ada.cookie, origin: balancer.url }),
      delay: 250,
      minDelay: 100,
      maxDelay: 1_000,
    })
    const { provider, doc, synced } = openDocument(socket, `session/${sessionId}`, new Y.Doc(), '')
    await synced()
    const heardAt: number[] = []
    doc.on('update', () => heardAt.push(performance.now()))
    return {
      /** @returns the longest time that nothing came, in ms */
      stop(): number {
        provider.destroy()
        socket.destroy()
        return Math.max(...heardAt.slice(1).map((at, before) => at - (heardAt[before] ?? at)))
      },
    }
  }

  test('interrupt nobody for long, and nothing is lost', { timeout: 180_000 }, async () => {
    const { id: projectId } = await makeProject(ada)
    const session = await ada.json<SessionSummary>('POST', `/api/projects/${projectId}/sessions`, {})
    const typing = await Promise.all(Array.from({ length: people }, () => startRecoveryProbe(balancer.url, ada, projectId)))
    const reading = await startReading(session.id)
    await ada.json('POST', `/api/sessions/${session.id}/messages`, { id: newId('itm'), text: 'Talk', to: 'agent' })
    for (const [at, process] of several.processes.slice(0, 3).entries()) {
      await pause(1_000)
      await process.end('SIGTERM')
      await several.start(several.folders[at])
    }
    await vi.waitFor(
      async () => {
        const { run } = await ada.json<SessionSummary>('GET', `/api/sessions/${session.id}`)
        expect(run?.status).toBe('completed')
      },
      { timeout: 60_000, interval: 200 },
    )
    await Promise.all(typing.map((one) => one.stop()))
    const gaps = [...typing.map((one) => one.longest()), reading.stop()].map(Math.round)
    process.stdout.write(
      `rolling restart of three: ${people} people, the longest interruption of each, and of what the agent says: ${gaps.join(', ')} ms\n`,
    )
    const { board, close } = await openTab(balancer.url, ada, projectId)
    expect(typing.map((one) => one.numberIn(board.doc) >= one.last())).toEqual(typing.map(() => true))
    close()
    expect(Math.max(...gaps)).toBeLessThan(boundMs)
    const said = (await allItems(ada, session.id)).flatMap((item) =>
      item.type === 'message' && item.author.kind !== 'user' ? [item.text.trim()] : [],
    )
    expect(said.at(-1)?.endsWith(words.join(' '))).toBe(true)
  })
})
