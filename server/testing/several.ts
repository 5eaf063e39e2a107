import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresDatabase } from './database.ts'
import { asPerson, type TestPerson } from './people.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

export type Several = {
  /** Every process, those that have ended too. */
  processes: ServerProcess[]
  databaseUrl: string
  /** The data folder of each. */
  folders: string[]
  /** One more; on a folder of its own unless one is given. */
  start(folder?: string): Promise<ServerProcess>
  stop(): Promise<void>
}

/** Server processes that share a Postgres, each with a data folder of its own. */
export async function startSeveral(count: number, env: Record<string, string> = {}): Promise<Several> {
  const { url: databaseUrl, drop } = await createPostgresDatabase()
  const folders: string[] = []
  const processes: ServerProcess[] = []
  async function start(given?: string): Promise<ServerProcess> {
    const folder = given ?? (await mkdtemp(join(tmpdir(), 'atrium-several-')))
    folders.push(folder)
    const shared = { DATABASE_URL: databaseUrl, ATRIUM_SECRET: 'the secret of all processes' }
    const started = await startServerProcess({ ATRIUM_DATA_DIR: folder, ...shared, ...env })
    processes.push(started)
    return started
  }
  for (let at = 0; at < count; at++) await start()
  return {
    processes,
    databaseUrl,
    folders,
    start,
    async stop() {
      await Promise.all(processes.map((one) => one.end('SIGKILL')))
      await drop()
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    },
  }
}

/** The same person, at another process. */
export const at = ({ url }: { url: string }, person: TestPerson): TestPerson => asPerson(url, person, person.cookie)
