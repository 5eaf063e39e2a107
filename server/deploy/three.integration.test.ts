import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { startNames, startNginx } from '../testing/nginx.ts'
import { ada as adasAccount, asPerson, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { freePort } from '../testing/postgres-cluster.ts'
import { startRecoveryProbe } from '../testing/recovery.ts'
import { needs } from '../testing/require.ts'
import { type ServerProcess, startServerProcess } from '../testing/server-process.ts'

/** Of this machine, each for one process at the same port. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4']

describe('three servers behind the nginx that is shipped', await needs('postgres', 'nginx'), () => {
  const cleanUp: (() => unknown)[] = []
  let processes: ServerProcess[]
  let ada: TestPerson
  beforeAll(async () => {
    const { url: DATABASE_URL, drop } = await createPostgresDatabase()
    cleanUp.push(drop)
    const port = await freePort()
    const start = async (HOST: string) => {
      const ATRIUM_DATA_DIR = await mkdtemp(join(tmpdir(), 'atrium-three-'))
      cleanUp.push(() => rm(ATRIUM_DATA_DIR, { recursive: true, force: true }))
      const env = {
        HOST,
        PORT: String(port),
        ATRIUM_DATA_DIR,
        DATABASE_URL,
        ATRIUM_SECRET: 'the secret of all three',
        ATRIUM_TRUSTED_PROXIES: '127.0.0.1',
      }
      const started = await startServerProcess(env)
      cleanUp.push(() => started.end('SIGKILL'))
      return started
    }
    processes = await Promise.all(addresses.map(start))
    const names = await startNames(cleanUp)
    Object.assign(names, { address: addresses[0], more: addresses.slice(1) })
    const url = await startNginx(cleanUp, port, names.port)
    // All print the same.
    const setupCode = await vi.waitFor(() => String(/#setup=(\S+)/.exec(processes[0]?.output() ?? '')?.[1]))
    const signedUp = await signUp(url, { ...adasAccount, setupCode })
    ada = asPerson(url, signedUp, signedUp.cookie)
  })
  afterAll(async () => {
    for (const step of cleanUp.splice(0).toReversed()) await step()
  })

  test('are one product, also when one of them dies', async () => {
    const { id } = await makeProject(ada)
    const asked = await Promise.all(Array.from({ length: 30 }, () => ada.fetch(`/api/projects/${id}`)))
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200))
    const url = new URL(asked[0]?.url ?? '').origin
    const typing = await Promise.all(Array.from({ length: 6 }, () => startRecoveryProbe(url, ada, id)))
    await Promise.all(typing.map((one) => one.after(performance.now())))
    const died = performance.now()
    await processes[1]?.end('SIGKILL')
    const took = await Promise.all(typing.map((one) => one.after(died)))
    expect(Math.max(...took)).toBeLessThan(30_000)
    await Promise.all(typing.map((one) => one.stop()))
  })
})
