import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ada, join, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { sandboxHere } from '../testing/sandbox-host.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { openDesk } from './testing/desk.ts'

describe.skipIf(!sandboxHere)('files edited together', () => {
  let server: TestServer
  let people: { ada: TestPerson; mei: TestPerson }
  let projectId: string
  let desks: ReturnType<typeof openDesk>[] = []

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    people = { ada: await signUp(server.url, ada), mei: await signUp(server.url, mei) }
    projectId = (await makeProject(people.ada)).id
    await join(people.ada, projectId, people.mei, 'editor')
  })
  beforeEach(() => {
    for (const desk of desks) desk.close()
    desks = []
  })
  afterAll(async () => {
    for (const desk of desks) desk.close()
    await server?.stop()
  })

  const deskOf = (who: 'ada' | 'mei') => {
    const desk = openDesk(server.url, people[who], projectId)
    desks.push(desk)
    return desk
  }
  const put = (path: string, body: string) => people.ada.fetch(`/api/projects/${projectId}/files/${path}`, { method: 'PUT', body })
  const run = (command: string) => people.ada.json<{ exitCode: number; stdout: string }>('POST', `/api/projects/${projectId}/commands`, { command })
  const onDisk = async (path: string) => (await run(`cat '${path}'`)).stdout
  const reaches = (path: string, wanted: string) => vi.waitFor(async () => expect(await onDisk(path)).toBe(wanted), { timeout: 5_000, interval: 20 })

  test('what Ada types is on the disk, and what a command writes is before her eyes', async () => {
    await put('a.txt', 'one\ntwo\nthree\n')
    const desk = deskOf('ada')
    const file = await desk.open('a.txt')
    expect(file.says()).toBe('one\ntwo\nthree\n')
    file.type('zero\n', 'one')
    await reaches('a.txt', 'zero\none\ntwo\nthree\n')
    await run("sed -i 's/two/TWO/' a.txt")
    await file.shows('zero\none\nTWO\nthree\n')
    expect(desk.state('a.txt')).toMatchObject({ status: 'level' })
    expect(desk.conflicts('a.txt')).toEqual([])
  })
})
