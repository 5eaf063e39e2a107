import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'

describe('what programs inside keep for themselves', await needs('sandbox'), () => {
  let server: TestServer
  let ada: TestPerson
  let id: string
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    ada = await signUp(server.url, adaIs)
    id = (await makeProject(ada)).id
  })
  afterAll(() => server.stop())

  const run = async (command: string) => (await ada.json<{ stdout: string }>('POST', `/api/projects/${id}/commands`, { command })).stdout
  const search = () => ada.json('GET', `/api/projects/${id}/search-files?query=tide`)

  test('stands outside of the workspace, also what an earlier version kept in it', async () => {
    await ada.fetch(`/api/projects/${id}/files/a.txt`, { method: 'PUT', body: 'tide\n' })
    const before = '.atrium-unfinished-files'
    await run(`mkdir -p ${before}/notes ${before}/objects && echo '{}' > ${before}/notes/old.json && echo x > ${before}/objects/hash`)
    await search()
    expect(await run('ls -A')).toBe('a.txt\n')
    expect(await run('cat ../.atrium/notes/old.json ../.atrium/objects/hash')).toBe('{}\nx\n')
    await search()
    expect(await run('ls -A')).toBe('a.txt\n')
  })
})
