import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresDatabase } from './database.ts'
import { createOwnNetwork, type OwnNetwork } from './own-network.ts'
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
  /** One more that can be cut off from all others and the database. */
  startApart(): Promise<ServerProcess & { network: OwnNetwork }>
  stop(): Promise<void>
}

/** Server processes that share a Postgres, each with a data folder of its own. */
export async function startSeveral(count: number, env: Record<string, string> = {}): Promise<Several> {
  const { url: databaseUrl, drop } = await createPostgresDatabase()
  const shared = { DATABASE_URL: databaseUrl, ATRIUM_SECRET: 'the secret of all processes' }
  const networks: OwnNetwork[] = []
  const folders: string[] = []
  const processes: ServerProcess[] = []
  async function start(given?: string): Promise<ServerProcess> {
    const folder = given ?? (await mkdtemp(join(tmpdir(), 'atrium-several-')))
    folders.push(folder)
    const started = await startServerProcess({ ATRIUM_DATA_DIR: folder, ...shared, ...env })
    processes.push(started)
    return started
  }
  async function startApart() {
    const network = await createOwnNetwork()
    networks.push(network)
    const { hostname, port } = new URL(databaseUrl)
    const database = Object.assign(new URL(databaseUrl), { hostname: network.outside, port: await network.publish(hostname, Number(port)) })
    const internal = `http://${network.outside}:${await network.publish(network.inside, 3000)}`
    const folder = await mkdtemp(join(tmpdir(), 'atrium-several-'))
    folders.push(folder)
    const made = await startServerProcess(
      { ...shared, ATRIUM_DATA_DIR: folder, DATABASE_URL: database.href, ATRIUM_INTERNAL_URL: internal, ...env },
      network,
    )
    processes.push(made)
    return { ...made, network }
  }
  for (let at = 0; at < count; at++) await start()
  return {
    processes,
    databaseUrl,
    folders,
    start,
    startApart,
    async stop() {
      await Promise.all(processes.map((one) => one.end('SIGKILL')))
      await Promise.all(networks.map((one) => one.remove()))
      await drop()
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    },
  }
}

/** The same person, at another process. */
export const at = ({ url }: { url: string }, person: TestPerson): TestPerson => asPerson(url, person, person.cookie)
