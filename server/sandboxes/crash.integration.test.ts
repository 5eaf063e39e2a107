import { once } from 'node:events'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { DesktopState } from '#shared/desktop/schema.ts'
import { readPorts } from '#shared/previews/doc.ts'
import { readDesktop, readSandbox } from '#shared/projects/doc.ts'
import { readFreshContexts } from '#shared/python/doc.ts'
import type { Cell } from '#shared/python/schema.ts'
import { readTerminals } from '#shared/terminals/doc.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import type { CrashableServer } from '../testing/crashable-server.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { treeOf } from './host/proc.ts'
import { lackOf, needs } from '../testing/require.ts'

const onDesktop = await needs('desktop')
/** The desktop is among what is lost, where there can be one. */
const hasDesktop = (await lackOf('desktop')) === undefined
const patience = { timeout: 30_000, interval: 50 }

describe('a machine whose server, or whose sandbox, is killed', await needs('sandbox', 'python'), () => {
  let server: CrashableServer
  let ada: TestPerson
  let projectId: ProjectId
  let socket: HocuspocusProviderWebsocket
  let project: ReturnType<typeof openDocument>
  let python: ReturnType<typeof openDocument>
  const path = (rest: string) => `/api/projects/${projectId}/${rest}`

  beforeAll(async () => {
    server = await startCrashableServer({ ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'local' })
    ada = await signUp(server.url, adaIs)
    projectId = (await makeProject(ada)).id as ProjectId
    socket = new HocuspocusProviderWebsocket({
      url: `${server.url.replace('http', 'ws')}/sync`,
      WebSocketPolyfill: withHeaders({ cookie: ada.cookie, origin: server.url }),
      delay: 100,
      minDelay: 100,
      maxDelay: 500,
    })
    project = openDocument(socket, `project/${projectId}`, new Y.Doc(), '')
    python = openDocument(socket, `python/${projectId}`, new Y.Doc(), '')
    await project.until(() => readSandbox(project.doc)?.status === 'running', 'a sandbox')
  })
  afterAll(async () => {
    socket?.destroy()
    await server?.stop()
  })

  /** Ada at her terminal, as the room shows it. */
  async function sit() {
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}${path('terminals/work')}`, { headers: { cookie: ada.cookie, origin: server.url } })
    let text = ''
    ws.on('message', (data: Buffer, isBinary: boolean) => void (text += isBinary ? data.toString() : ''))
    await once(ws, 'open')
    const does = async (keys: string, sees: string | RegExp) => {
      ws.send(Buffer.from(`${keys}\r`))
      await vi.waitFor(() => expect(text).toMatch(sees), patience)
    }
    return { does, gone: once(ws, 'close'), leave: () => ws.close() }
  }
  const run = (code: string, context = 'main') => ada.json<Cell>('POST', path('python'), { code, context })
  const terminal = () => readTerminals(project.doc).find(({ id }) => id === 'work')
  const fresh = () => readFreshContexts(python.doc).toSorted()

  let desktops = 0
  async function startDesktop() {
    expect(await ada.json<DesktopState>('POST', path('desktop/start'))).toMatchObject({ status: 'running' })
    await project.until(() => readDesktop(project.doc)?.status === 'running', 'the desktop')
    desktops += 1
  }

  /** A terminal, variables in two contexts, a web app and a desktop. */
  async function useEverything(round: number) {
    const desk = await sit()
    await desk.does(`echo round-${round} >> kept.txt; python3 -m http.server 8123 & echo begun-$((${round} + 1))`, `begun-${round + 1}`)
    expect(await run('x = 5')).toMatchObject({ status: 'ok' })
    expect(await run('x = 6', 'second')).toMatchObject({ status: 'ok' })
    await python.until(() => fresh().length === 0, 'contexts in use')
    await project.until(() => readPorts(project.doc).includes(8123), 'the offered port')
    expect((await ada.fetch(path('preview'), { method: 'POST', body: { port: 8123 } })).status).toBe(200)
    if (hasDesktop) await startDesktop()
    // What is shown and not kept yet is not at stake here.
    await project.marked()
    await python.marked()
    return desk
  }

  /** What was lost is said in each place, and each is had again. */
  async function findEverything(round: number) {
    await project.until(() => terminal()?.status === 'ended', 'the end of the terminal')
    expect(terminal()).toMatchObject({ exitCode: null, title: 'work' })
    await python.until(() => fresh().join() === 'main,second', 'contexts that began anew')
    await project.until(() => readPorts(project.doc).length === 0, 'no port')
    if (hasDesktop) await project.until(() => readDesktop(project.doc)?.status === 'asleep', 'the desktop asleep')

    const desk = await sit()
    await desk.does('cat kept.txt', `round-${round}\r\n`)
    await project.until(() => terminal()?.status === 'running', 'the terminal again')
    expect(terminal()).toMatchObject({ renewed: true, title: 'work' })
    expect(readTerminals(project.doc)).toHaveLength(1)
    expect((await ada.fetch(path('preview'), { method: 'POST', body: { port: 8123 } })).status).toBe(409)
    expect((await run('x')).outputs).toMatchObject([{ type: 'error', name: 'NameError' }])
    await python.until(() => fresh().join() === 'second', 'one context in use')
    if (hasDesktop) await startDesktop()
    await desk.does('exit', /exit/)
    await project.until(() => terminal()?.exitCode === 0, 'the end of the shell')
    await ada.fetch(path('terminals/work'), { method: 'DELETE' })
    desk.leave()
  }

  test('kill -9 of the server: each part says what was lost, and comes back', async () => {
    const desk = await useEverything(1)
    await server.crashAndRestart()
    await desk.gone
    await findEverything(1)
    expect(server.output()).not.toContain('"level":50')
  })

  test('kill -9 of the sandbox: the same, and the server never stops', async () => {
    const desk = await useEverything(2)
    const pid = server.pid
    const [, outermost] = treeOf(Number(pid))
    process.kill(Number(outermost), 'SIGKILL')
    await project.until(() => readSandbox(project.doc)?.status !== 'running', 'the end of the sandbox')
    desk.leave()
    await findEverything(2)
    expect(server.pid).toBe(pid)
  })

  test('the desktop was among what was lost, and had again, both times', onDesktop, () => expect(desktops).toBe(4))
})
