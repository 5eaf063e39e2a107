import { watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FolderPath } from '#shared/files/path.ts'
import { readFolder, readSandbox } from '#shared/projects/doc.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import { median, ms, percentile } from './figures.ts'
import type { Figure } from './figures.ts'

const files = 60
const boundMs = 100

/** Of the clock that programs in the sandbox read, in parts of a millisecond. */
const wallClock = () => performance.timeOrigin + performance.now()

/** In the sandbox: makes the file it is told to, and says when it began to. */
const program = 'while read name; do at=$EPOCHREALTIME; echo x > "$name"; echo "$name $at"; done'

/**
 * From the moment a program in the sandbox begins to write a new file until Ada, who has the project's document open over
 * a websocket, finds it in the tree. Beside it what the kernel alone takes to tell of the same files.
 */
export async function benchTree(): Promise<Figure[]> {
  const server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
  const ada = await signUp(server.url, adaIs)
  const projectId = (await makeProject(ada)).id as ProjectId
  const socket = new HocuspocusProviderWebsocket({
    url: `${server.url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: withHeaders({ cookie: ada.cookie, origin: server.url }),
  })
  try {
    const tree = openDocument(socket, `project/${projectId}`, new Y.Doc(), '')
    const names = () => readFolder(tree.doc, '' as FolderPath)?.entries.map(({ name }) => name)
    await tree.until(() => readSandbox(tree.doc)?.status === 'running' && names() !== undefined, 'a sandbox with its files')

    const sandbox = await server.parts.sandboxes.get(projectId)
    const [id = ''] = await readdir(join(server.dataDir, 'sandboxes'))
    const toldAt = new Map<string, number>()
    const kernel = watch(join(server.dataDir, 'sandboxes', id, 'home', 'user'), (_, name) => {
      if (name !== null && !toldAt.has(name)) toldAt.set(name, wallClock())
    })
    const begunAt = new Map<string, number>()
    let said = ''
    const running = await sandbox.run(program, {
      stdin: true,
      onStdout(text) {
        said += text
        for (const [, name = '', at] of said.matchAll(/^(\S+) (\S+)\n/gm)) begunAt.set(name, Number(at) * 1000)
      },
    })
    const seen: number[] = []
    const floor: number[] = []
    for (let at = 0; at < files; at++) {
      const name = `made-${at}.txt`
      await running.sendStdin(`${name}\n`)
      await tree.until(() => names()?.includes(name) === true, 'the file in the tree')
      const seenAt = wallClock()
      while (!begunAt.has(name) || !toldAt.has(name)) await sleep(2)
      seen.push(seenAt - Number(begunAt.get(name)))
      floor.push(Number(toldAt.get(name)) - Number(begunAt.get(name)))
      // Now soon after the last, now after some silence.
      await sleep(at % 2 === 0 ? 20 : 250)
    }
    kernel.close()
    await running.kill()
    return [
      {
        what: `a file that a program writes, until it is in the tree of somebody in the room (${files} times)`,
        measured: `median ${ms(median(seen))}, p95 ${ms(percentile(seen, 0.95))}; inotify alone ${ms(median(floor))}, p95 ${ms(percentile(floor, 0.95))}`,
        bound: `median ≤ ${boundMs} ms`,
        ok: median(seen) <= boundMs,
      },
    ]
  } finally {
    socket.destroy()
    await server.stop()
  }
}
