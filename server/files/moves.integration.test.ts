import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { authorOf, readRanges } from '#shared/files/doc.ts'
import type { ClientAuthor, WrittenTime } from '#shared/files/state.ts'
import { openDesk } from '../testing/file-desk.ts'
import { ada, join as joinProject, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { needs } from '../testing/require.ts'

describe('a file is moved to a name that is open already', await needs('sandbox'), () => {
  let server: TestServer
  let people: { ada: TestPerson; mei: TestPerson }
  let projectId: string
  let workspace: string
  let desks: ReturnType<typeof openDesk>[] = []

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    people = { ada: await signUp(server.url, ada), mei: await signUp(server.url, mei) }
    projectId = (await makeProject(people.ada)).id
    await joinProject(people.ada, projectId, people.mei, 'editor')
    await put('here.txt', 'x')
    const found = (await readdir(server.dataDir, { recursive: true })).find((entry) => entry.endsWith('/here.txt'))
    workspace = join(server.dataDir, String(found).slice(0, -'/here.txt'.length))
  })
  afterEach(() => {
    for (const desk of desks) desk.close()
    desks = []
  })
  afterAll(() => server?.stop())

  const at = (path: string) => `/api/projects/${projectId}/${path}`
  const deskOf = (who: 'ada' | 'mei') => {
    const desk = openDesk(server.url, people[who], projectId)
    desks.push(desk)
    return desk
  }
  const put = (path: string, body: string) => people.ada.fetch(at(`files/${path}`), { method: 'PUT', body })
  const run = (command: string) => people.ada.json<{ stdout: string }>('POST', at('commands'), { command })
  const reaches = (path: string, wanted: string) =>
    vi.waitFor(async () => expect((await run(`cat '${path}'`)).stdout).toBe(wanted), { timeout: 8_000, interval: 20 })
  const says = (desk: ReturnType<typeof openDesk>, path: string, state: object) =>
    vi.waitFor(() => expect(desk.state(path)).toMatchObject(state), { timeout: 8_000, interval: 20 })
  const authorsOf = async (path: string) => (await people.ada.json<{ authors: ClientAuthor[] }>('GET', at(`file-authors?path=${path}`))).authors

  test('a command puts one open file in the place of another: both rooms of people read the same, and what comes late too', async () => {
    await put('draft.txt', 'one\ntwo\nthree\n')
    await put('final.txt', 'one\ntwo\n')
    const desk = deskOf('ada')
    const draft = await desk.open('draft.txt')
    const final = await deskOf('mei').open('final.txt')
    draft.type('zero\n', 'one')
    await reaches('draft.txt', 'zero\none\ntwo\nthree\n')
    await run('mv draft.txt final.txt')
    await final.shows('zero\none\ntwo\nthree\n')
    await says(desk, 'draft.txt', { status: 'moved', to: 'final.txt' })
    draft.type('late\n')
    await final.shows('zero\none\ntwo\nthree\nlate\n')
    final.type('Mei\n', 'zero')
    draft.type('later\n')
    await final.shows('Mei\nzero\none\ntwo\nthree\nlate\nlater\n')
    await reaches('final.txt', 'Mei\nzero\none\ntwo\nthree\nlate\nlater\n')
    const authors = await authorsOf('final.txt')
    const late = readRanges(final.text).find((range) => final.says().slice(range.start, range.end).startsWith('late'))
    const { times } = await people.ada.json<{ times: WrittenTime[] }>('GET', at('file-authors?path=final.txt'))
    const newest = times.findLast(({ client }) => client === late?.client)
    expect(Math.abs((newest?.at ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(late && authorOf(authors, late)).toEqual({ kind: 'user', id: people.ada.id, name: 'Ada' })
    expect(desk.conflicts()).toEqual([])
  })

  test('what was not written yet when it was moved is there as well', async () => {
    await put('sleepy.txt', 'one\ntwo\nthree\n')
    await put('awake.txt', 'something else\n')
    const desk = deskOf('ada')
    const sleepy = await desk.open('sleepy.txt')
    const awake = await deskOf('mei').open('awake.txt')
    await people.ada.json('POST', at('sandbox/pause'))
    sleepy.type('Ada\n')
    await sleepy.marked()
    await rename(join(workspace, 'sleepy.txt'), join(workspace, 'awake.txt'))
    await people.ada.json('POST', at('sandbox/start'))
    await awake.shows('one\ntwo\nthree\nAda\n')
    await says(desk, 'sleepy.txt', { status: 'moved', to: 'awake.txt' })
    await reaches('awake.txt', 'one\ntwo\nthree\nAda\n')
    expect(awake.says()).toBe('one\ntwo\nthree\nAda\n')
  })

  test('the name was that of a deleted file in which somebody still writes: it is there with their words', async () => {
    await put('ghost.txt', 'sun\nmoon\n')
    await put('living.txt', 'sun\nmoon\nstars\n')
    const desk = deskOf('ada')
    const living = await desk.open('living.txt')
    const meis = deskOf('mei')
    const ghost = await meis.open('ghost.txt')
    await run('rm ghost.txt')
    await says(meis, 'ghost.txt', { status: 'deleted' })
    ghost.type('precious\n')
    await ghost.marked()
    await run('mv living.txt ghost.txt')
    await says(desk, 'living.txt', { status: 'moved', to: 'ghost.txt' })
    const again = await deskOf('ada').open('ghost.txt')
    await again.until(() => again.says().includes('precious\n') && again.says().includes('stars\n'), 'both texts')
    living.type('late\n')
    await again.until(() => again.says().includes('late\n'), 'what came late')
    await reaches('ghost.txt', again.says())
    expect(again.says().split('\n').toSorted()).toEqual(['', 'late', 'moon', 'precious', 'stars', 'sun'])
  })

  test('somebody renames a file to that of a deleted one in which Mei still wrote: the file comes with all it was, and with her words', async () => {
    await put('shadow.txt', 'red\ngreen\n')
    await put('body.txt', 'red\ngreen\nblue\n')
    const body = await deskOf('ada').open('body.txt')
    const desk = deskOf('mei')
    const shadow = await desk.open('shadow.txt')
    await run('rm shadow.txt')
    await says(desk, 'shadow.txt', { status: 'deleted' })
    shadow.type('Mei\n', 'red')
    await shadow.marked()
    await people.ada.json('POST', at('move-file'), { from: 'body.txt', to: 'shadow.txt' })
    const again = await deskOf('ada').open('shadow.txt')
    await again.shows('Mei\nred\ngreen\nblue\n')
    body.type('late\n')
    await again.shows('Mei\nred\ngreen\nblue\nlate\n')
    await reaches('shadow.txt', 'Mei\nred\ngreen\nblue\nlate\n')
    const hers = readRanges(again.text).find((range) => again.says().slice(range.start, range.end).startsWith('Mei'))
    expect(hers && authorOf(await authorsOf('shadow.txt'), hers)).toMatchObject({ kind: 'user', name: 'Mei' })
  })
})
