import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTurns } from '../../base/budget.ts'
import { limits } from '../../sync/limits.ts'
import { seedDataDir } from '../database.ts'
import { startChild } from '../file-child.ts'
import { openDesk } from '../file-desk.ts'
import { join as joinProject, makeProject, signUp } from '../people.ts'
import { type Fault, noOutcome } from './outcome.ts'
import { firstText } from './words.ts'

export type Options = { seed: number; interleavings: number; killEvery: number; files: number; log?: (line: string) => void }

export type Run = Awaited<ReturnType<typeof openRun>>

/** A server of its own with one project, its files, and Ada and Mei at their desks. */
export async function openRun(options: Options) {
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-converge-'))
  await seedDataDir(dataDir)
  const server = await startChild(dataDir, await freePort())
  const ada = await signUp(server.url, { name: 'Ada', email: 'ada@example.org' })
  const mei = await signUp(server.url, { name: 'Mei', email: 'mei@example.org' })
  const { id: projectId } = await makeProject(ada)
  await joinProject(ada, projectId, mei, 'editor')
  const api = `/api/projects/${projectId}`
  const outcome = noOutcome(options.seed)
  const paths = Array.from({ length: options.files }, (_, at) => `d${at}/f${at}.txt`)
  for (const path of paths) await ada.json('PUT', `${api}/files/${path}`, firstText)
  const workspace = await workspaceIn(dataDir)
  const desks = { ada: openDesk(server.url, ada, projectId), mei: openDesk(server.url, mei, projectId) }
  /** On a slow machine a connection that breaks every second would not last until many files are open. */
  const { promise: allOpen, resolve: areOpen } = Promise.withResolvers<void>()
  let opened = 0
  /** The server opens so many at once: the patience with each begins when it is asked for. */
  const inTurn = createTurns(limits.openingPerPerson)

  return {
    options,
    server,
    ada,
    projectId,
    api,
    outcome,
    paths,
    workspace,
    desks,
    allOpen,
    /** Interleavings that were begun. */
    begun: 0,
    /** Resolves when the server, or the connection, that is down just now is back. */
    calm: Promise.resolve() as Promise<void>,
    tell(fault: Fault): void {
      outcome.faults.push(fault)
      options.log?.(JSON.stringify(fault).slice(0, 8000))
    },
    async openOnBothDesks(path: string) {
      const [left, right] = await inTurn('open', () => Promise.all([desks.ada.open(path), desks.mei.open(path)]))
      if (++opened === paths.length) areOpen()
      return { left, right }
    },
    async close(): Promise<void> {
      desks.ada.close()
      desks.mei.close()
      await server.kill()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Where the local host keeps the one project's files. */
async function workspaceIn(dataDir: string): Promise<string> {
  for (const entry of await readdir(dataDir, { recursive: true })) {
    if (entry.endsWith('/d0/f0.txt')) return join(dataDir, entry.slice(0, -'/d0/f0.txt'.length))
  }
  throw new Error('no workspace found')
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
