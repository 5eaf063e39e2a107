import { mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { seedDataDir } from '../testing/database.ts'
import { ada, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { startChild } from '../testing/file-child.ts'
import { openDesk } from '../testing/file-desk.ts'
import { needs } from '../testing/require.ts'

describe('the server is killed', await needs('sandbox'), () => {
  test(
    'after an edit was durable and before it was on the disk, which a program changes meanwhile: both are there',
    () =>
      inRoom('one\ntwo\nthree\n', async ({ server, person, id, disk }) => {
        const desk = openDesk(server.url, person, id)
        const file = await desk.open('a.txt')
        // While the sandbox rests nothing is written: what is durable is in the document alone.
        await person.json('POST', `/api/projects/${id}/sandbox/pause`)
        file.type('by Ada\n', 'three')
        await file.marked()
        await server.kill()
        desk.close()
        expect(await readFile(disk, 'utf8')).toBe('one\ntwo\nthree\n')
        await writeFile(disk, 'ONE\ntwo\nthree\n')
        await server.start()
        const again = openDesk(server.url, person, id)
        const opened = await again.open('a.txt')
        await opened.shows('ONE\ntwo\nby Ada\nthree\n')
        await vi.waitFor(async () => expect(await readFile(disk, 'utf8')).toBe('ONE\ntwo\nby Ada\nthree\n'), 10_000)
        expect(again.conflicts()).toEqual([])
        again.close()
      }),
    60_000,
  )

  test(
    'while a program writes to what an edit has just replaced: what it wrote is there',
    () =>
      inRoom('one\n', async ({ server, person, id, disk }) => {
        const desk = openDesk(server.url, person, id)
        const file = await desk.open('a.txt')
        const program = await open(disk, 'a')
        file.type('by Ada\n')
        await vi.waitFor(async () => expect(await readFile(disk, 'utf8')).toBe('one\nby Ada\n'), { timeout: 10_000, interval: 5 })
        await program.write('by a program\n')
        await server.kill()
        await program.close()
        desk.close()
        expect(await readFile(disk, 'utf8')).toBe('one\nby Ada\n')
        await server.start()
        const again = openDesk(server.url, person, id)
        const opened = await again.open('a.txt')
        await opened.until(() => opened.says().includes('by a program'), 'what the program wrote')
        await vi.waitFor(async () => expect(await readFile(disk, 'utf8')).toBe('one\nby Ada\nby a program\n'), 10_000)
        await vi.waitFor(async () => expect(await readdir(join(disk, '..', '..', '.atrium'))).toEqual([]), 10_000)
        again.close()
      }),
    60_000,
  )

  test(
    'again and again while Ada types: every word that was durable is on the disk, once',
    () =>
      inRoom('start\n', async ({ server, person, id, disk }) => {
        const words: string[] = []
        for (let life = 0; life < 3; life++) {
          const desk = openDesk(server.url, person, id)
          const file = await desk.open('a.txt')
          for (let at = 0; at < 4 + life * 3; at++) {
            file.type(`life${life}word${at}\n`)
            await file.marked()
            words.push(`life${life}word${at}`)
          }
          await server.kill()
          desk.close()
          await server.start()
        }
        const desk = openDesk(server.url, person, id)
        const file = await desk.open('a.txt')
        await vi.waitFor(async () => expect(await readFile(disk, 'utf8')).toBe(file.says()), 10_000)
        for (const word of words) expect(file.says().split(`${word}\n`), word).toHaveLength(2)
        desk.close()
      }),
    90_000,
  )
})

type Room = { server: Awaited<ReturnType<typeof startChild>>; person: TestPerson; id: string; /** Where a.txt is on this machine. */ disk: string }

/** A server of its own to be killed, Ada's project in it, and a file of hers. */
async function inRoom(text: string, work: (room: Room) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-crash-'))
  await seedDataDir(dataDir)
  const server = await startChild(dataDir, await freePort())
  try {
    const person = await signUp(server.url, ada)
    const { id } = await makeProject(person)
    await person.fetch(`/api/projects/${id}/files/a.txt`, { method: 'PUT', body: text })
    const found = (await readdir(dataDir, { recursive: true })).find((entry) => entry.endsWith('/a.txt'))
    await work({ server, person, id, disk: join(dataDir, String(found)) })
  } finally {
    await server.kill()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
