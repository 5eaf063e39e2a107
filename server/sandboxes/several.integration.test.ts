import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { readSandbox } from '#shared/projects/doc.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { ada as adaIs, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import { at, startSeveral, type Several } from '../testing/several.ts'

describe('sandboxes of one person at several processes', await needs('postgres', 'sandbox'), () => {
  let several: Several
  let first: ServerProcess
  let second: ServerProcess
  let ada: TestPerson
  const sockets: HocuspocusProviderWebsocket[] = []
  beforeAll(async () => {
    several = await startSeveral(2, { ATRIUM_SANDBOX: 'local', ATRIUM_SANDBOX_PER_PERSON: '1' })
    ;[first, second] = several.processes as [ServerProcess, ServerProcess]
    ada = await signUp(first.url, adaIs)
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await several?.stop()
  })

  /** A room at that process with Ada in it: her sandbox is in use. */
  async function enter(server: ServerProcess) {
    const { id } = await makeProject(at(server, ada))
    const socket = new HocuspocusProviderWebsocket({
      url: `${server.url.replace('http', 'ws')}/sync`,
      WebSocketPolyfill: withHeaders({ cookie: ada.cookie, origin: server.url }),
    })
    sockets.push(socket)
    const { doc, until } = openDocument(socket, `project/${id}`, new Y.Doc(), '')
    const reaches = (status: string, detail = '') =>
      until(() => readSandbox(doc)?.status === status && (readSandbox(doc)?.detail ?? '').includes(detail), `a sandbox that is ${status}`)
    return { id, reaches, kill: () => at(server, ada).json('POST', `/api/projects/${id}/sandbox/kill`) }
  }

  test('one waits at the other process, and starts when the first ends or its process is killed', async () => {
    const [here, there] = [await enter(first), await enter(second)]
    await Promise.race([here.reaches('running'), there.reaches('running')])
    const [runs, waits] = (await isRunning(first, here.id)) ? [here, there] : [there, here]
    await waits.reaches('waiting', 'as one person may (1)')
    await runs.kill()
    await waits.reaches('running')

    const [owner, other] = waits === here ? [first, second] : [second, first]
    const next = await enter(other)
    await next.reaches('waiting', 'as one person may (1)')
    await owner.end('SIGKILL')
    await next.reaches('running')
    expect(await isRunning(other, next.id)).toBe(true)
  })

  async function isRunning(server: ServerProcess, id: string): Promise<boolean> {
    return (await at(server, ada).json<{ status: string }>('GET', `/api/projects/${id}/sandbox`)).status === 'running'
  }
})
