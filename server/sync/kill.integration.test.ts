import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { openDocument, testUser } from './testing/room.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const rounds = Number(process.env.ATRIUM_KILL_ROUNDS ?? 3)

describeOnDatabases('on %s', (kind) => {
  test('kill -9 in the middle of typing loses nothing that was marked', { timeout: 180_000 }, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-kill-'))
    const postgres = kind === 'postgres' ? await createPostgresDatabase() : undefined
    const ada = testUser('Ada')
    const setup = {
      databaseUrl: postgres?.url,
      dataDir,
      people: { ada, mei: testUser('Mei'), tomas: testUser('Tomas') },
      projectId: newId<ProjectId>('prj'),
      sessionId: newId<SessionId>('ses'),
    }
    const start = async () => {
      const child = spawn(process.execPath, [fileURLToPath(new URL('./testing/child-server.ts', import.meta.url)), JSON.stringify(setup)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      return { child, url: (JSON.parse(line.toString()) as { url: string }).url }
    }
    const open = (url: string) => {
      const socket = new HocuspocusProviderWebsocket({ url: `${url}/sync`, WebSocketPolyfill: WebSocket })
      return { socket, ...openDocument(socket, `board/${setup.projectId}`, new Y.Doc(), ada.token) }
    }

    const marked = new Set<string>()
    try {
      for (let round = 0; round < rounds; round++) {
        const { child, url } = await start()
        const board = open(url)
        await board.synced()
        expect([...marked].filter((key) => !board.doc.getMap('todos').has(key))).toEqual([])
        const enough = 3 + Math.floor(Math.random() * 15)
        let killed = false
        for (let i = 0; !killed; i++) {
          const keys = Array.from({ length: 10 }, (_, index) => `${round}-${i}-${index}`)
          for (const key of keys) board.doc.getMap('todos').set(key, i)
          const mark = board.marked().then(() => keys.forEach((key) => marked.add(key)))
          if (i === enough) {
            child.kill('SIGKILL')
            await once(child, 'exit')
            killed = true
            mark.catch(() => undefined)
          } else await mark
        }
        board.provider.destroy()
        board.socket.destroy()
      }
      const { child, url } = await start()
      const board = open(url)
      await board.synced()
      expect(marked.size).toBeGreaterThan(0)
      expect([...marked].filter((key) => !board.doc.getMap('todos').has(key))).toEqual([])
      board.socket.destroy()
      child.kill('SIGKILL')
      await once(child, 'exit')
    } finally {
      await postgres?.drop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
