import { startBalancer } from './balancer.ts'
import { type CrashableServer, startCrashableServer } from './crashable-server.ts'
import { createPostgresDatabase } from './database.ts'
import { makeRunFolder, removeRunFolder, runFolderVariable } from './postgres-cluster.ts'

/** Server processes on one Postgres behind a balancer, as if they were one server. What is done to it is done to all of them. */
export async function startBalancedServers(count: number): Promise<CrashableServer> {
  const ownFolder = process.env[runFolderVariable] === undefined ? makeRunFolder() : undefined
  if (ownFolder !== undefined) process.env[runFolderVariable] = ownFolder
  const { url: DATABASE_URL, drop } = await createPostgresDatabase()
  const env = { DATABASE_URL, ATRIUM_SECRET: 'the secret of all processes' }
  const servers = await Promise.all(Array.from({ length: count }, () => startCrashableServer(env)))
  const balancer = await startBalancer(() => servers.map(({ url }) => url))
  const each = async (work: (server: CrashableServer) => Promise<void>) => void (await Promise.all(servers.map(work)))
  const [first] = servers as [CrashableServer, ...CrashableServer[]]
  return {
    url: balancer.url,
    dataDir: first.dataDir,
    dataDirs: servers.map(({ dataDir }) => dataDir),
    get pid() {
      return first.pid
    },
    output: () => servers.map((server, at) => `process ${at + 1}:\n${server.output()}`).join('\n'),
    crashAndRestart: () => each((server) => server.crashAndRestart()),
    crash: () => each((server) => server.crash()),
    pause: () => each((server) => server.pause()),
    resume: () => each((server) => server.resume()),
    async stop() {
      await balancer.close()
      await each((server) => server.stop())
      await drop()
      if (ownFolder === undefined) return
      removeRunFolder(ownFolder)
      delete process.env[runFolderVariable]
    },
  }
}
