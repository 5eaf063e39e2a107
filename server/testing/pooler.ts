import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, postgresUser } from './postgres-cluster.ts'

/** PgBouncer before the database at an address. */
export async function startPooler(url: string, mode: 'session' | 'transaction') {
  const { hostname, port, username, pathname } = new URL(url)
  const name = pathname.slice(1)
  const folder = await mkdtemp(join(tmpdir(), 'atrium-pooler-'))
  const listenPort = await freePort()
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'users'), `"${username}" ""\n`)
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
${name} = host=${hostname} port=${port} dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users')}
pool_mode = ${mode}
default_pool_size = 60
max_client_conn = 200
`,
  )
  const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], { ...postgresUser(), cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  for (const late = Date.now() + 10_000; !(await answers(listenPort)); await wait(20)) {
    if (child.exitCode !== null || Date.now() > late) throw new Error(`PgBouncer did not start:\n${said}`)
  }
  return {
    url: `postgres://${username}@127.0.0.1:${listenPort}/${name}`,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const lackOfPooler = (): string | undefined =>
  spawnSync('pgbouncer', ['--version']).status === 0 ? undefined : 'pgbouncer is not installed: apt install pgbouncer'

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
