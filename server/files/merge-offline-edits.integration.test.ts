import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { OfflineEditsId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { authorOf, readRanges } from '#shared/files/doc.ts'
import type { OfflineMerge } from '#shared/files/merge-offline-edits.ts'
import type { ClientAuthor } from '#shared/files/state.ts'
import { openDesk } from '../testing/file-desk.ts'
import { ada, join, makeProject, mei, signUp, tomas } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { needs } from '../testing/require.ts'

/*
 * Ada wrote offline; when she is back, the document that she knew is not there any more. Her edits are merged
 * beside the last text that she had in common with everybody.
 */
describe('offline edits are merged', await needs('sandbox'), () => {
  let server: TestServer
  let people: Record<'ada' | 'mei' | 'tomas', TestPerson>
  let projectId: string
  let desks: ReturnType<typeof openDesk>[] = []

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    people = { ada: await signUp(server.url, ada), mei: await signUp(server.url, mei), tomas: await signUp(server.url, tomas) }
    projectId = (await makeProject(people.ada)).id
    await join(people.ada, projectId, people.mei, 'editor')
    await join(people.ada, projectId, people.tomas, 'viewer')
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
  const put = (path: string, body: string) => people.mei.fetch(at(`files/${path}`), { method: 'PUT', body })
  const run = (command: string) => people.mei.json<{ stdout: string }>('POST', at('commands'), { command })
  const reaches = (path: string, wanted: string) =>
    vi.waitFor(async () => expect((await run(`cat '${path}'`)).stdout).toBe(wanted), { timeout: 5_000, interval: 20 })
  const given = (path: string, base: string, text: string, more: { id?: OfflineEditsId; make?: boolean } = {}) => ({
    id: newId<OfflineEditsId>('hin'),
    path,
    base,
    text,
    ...more,
  })
  const mergeOfflineEdits = (...what: Parameters<typeof given>) => people.ada.json<OfflineMerge>('POST', at('hand-in'), given(...what))

  test('the document was begun anew: what she wrote and what others did are both there, once, each with its author', async () => {
    await put('a.txt', 'one\ntwo\nthree\nfour\n')
    const meis = await deskOf('mei').open('a.txt')
    meis.type('Mei ', 'four')
    await meis.marked()
    const what = given('a.txt', 'one\ntwo\nthree\nfour\n', 'one\nAda\ntwo\nthree\nfour\n')
    const answer = await people.ada.json<OfflineMerge>('POST', at('hand-in'), what)
    expect(answer).toEqual({ status: 'merged', path: 'a.txt', conflicts: 0, line: 2 })
    await meis.shows('one\nAda\ntwo\nthree\nMei four\n')
    await reaches('a.txt', 'one\nAda\ntwo\nthree\nMei four\n')
    // The answer may be lost: she asks again, after somebody has taken it out.
    meis.text.delete(meis.says().indexOf('Ada'), 4)
    await meis.marked()
    expect(await people.ada.json('POST', at('hand-in'), what)).toMatchObject({ status: 'merged', conflicts: 0 })
    expect(meis.says()).toBe('one\ntwo\nthree\nMei four\n')
    await mergeOfflineEdits('a.txt', 'one\n', 'zero\none\n')
    await meis.shows('zero\none\ntwo\nthree\nMei four\n')
    const { authors } = await people.mei.json<{ authors: ClientAuthor[] }>('GET', at('file-authors?path=a.txt'))
    const hers = readRanges(meis.text).find((range) => meis.says().slice(range.start, range.end).startsWith('zero'))
    expect(hers && authorOf(authors, hers)).toEqual({ kind: 'user', id: people.ada.id, name: 'Ada' })
  })

  test('both changed one line: both stand, the room says whose is whose, and one is chosen', async () => {
    await put('b.txt', 'first\nlet x = 1\nlast\n')
    const desk = deskOf('mei')
    const meis = await desk.open('b.txt')
    meis.text.delete(meis.says().indexOf('1'), 1)
    meis.type('2', '\nlast')
    await meis.marked()
    expect(await mergeOfflineEdits('b.txt', 'first\nlet x = 1\nlast\n', 'first\nlet x = 3\nlast\n')).toMatchObject({ status: 'merged', conflicts: 1 })
    await meis.shows('first\nlet x = 2\nlet x = 3\nlast\n')
    await vi.waitFor(() => expect(desk.conflicts('b.txt')).toHaveLength(1), 5_000)
    const [conflict] = desk.conflicts('b.txt')
    expect(conflict).toMatchObject({
      line: 2,
      handedIn: true,
      mine: { text: 'let x = 2\n', authors: expect.arrayContaining([expect.objectContaining({ name: 'Mei' })]) },
      disk: { text: 'let x = 3\n', authors: [{ kind: 'user', name: 'Ada' }] },
    })
    await people.ada.fetch(at(`conflicts/${conflict?.id}/resolve`), { method: 'POST', body: { keep: 'disk' } })
    await reaches('b.txt', 'first\nlet x = 3\nlast\n')
  })

  test('the file was moved, and another made under its name: it goes where its text went', async () => {
    await put('c.txt', 'the tide\nturns at noon\n')
    const meis = await deskOf('mei').open('c.txt')
    await people.mei.json('POST', at('move-file'), { from: 'c.txt', to: 'moved/c.txt' })
    meis.provider.destroy()
    await put('c.txt', 'something\nelse\naltogether\n')
    expect(await mergeOfflineEdits('c.txt', 'the tide\nturns at noon\n', 'the tide\nturns at noon\nand again\n')).toMatchObject({
      status: 'merged',
      path: 'moved/c.txt',
      line: 3,
    })
    await reaches('moved/c.txt', 'the tide\nturns at noon\nand again\n')
    await reaches('c.txt', 'something\nelse\naltogether\n')
  })

  test('the file is gone: it is not made again before she says so', async () => {
    expect(await mergeOfflineEdits('d.txt', 'text\n', 'text\nAda\n')).toEqual({ status: 'gone', path: 'd.txt', conflicts: 0 })
    expect((await people.ada.fetch(at('files/d.txt'))).status).toBe(404)
    expect(await mergeOfflineEdits('d.txt', 'text\n', 'text\nAda\n', { make: true })).toMatchObject({ status: 'merged', path: 'd.txt' })
    await reaches('d.txt', 'text\nAda\n')
  })

  test('what was there last is not what she wrote in, and deleted too: hers takes its place when she says so', async () => {
    await put('k.txt', 'short-lived\n')
    const desk = deskOf('mei')
    const meis = await desk.open('k.txt')
    await run('rm k.txt')
    expect(await mergeOfflineEdits('k.txt', 'one\ntwo\n', 'one\ntwo\nAda\n')).toMatchObject({ status: 'gone' })
    expect(meis.says()).toBe('short-lived\n')
    expect(await mergeOfflineEdits('k.txt', 'one\ntwo\n', 'one\ntwo\nAda\n', { make: true })).toMatchObject({ status: 'merged' })
    await meis.shows('one\ntwo\nAda\n')
    await reaches('k.txt', 'one\ntwo\nAda\n')
  })

  test('deleted while somebody has it open: hers is in the text that stays, and can be written back', async () => {
    await put('e.txt', 'one\ntwo\n')
    const desk = deskOf('mei')
    const meis = await desk.open('e.txt')
    await run('rm e.txt')
    await vi.waitFor(() => expect(desk.state('e.txt')).toMatchObject({ status: 'deleted' }), 5_000)
    expect(await mergeOfflineEdits('e.txt', 'one\ntwo\n', 'one\ntwo\nAda\n')).toMatchObject({ status: 'merged' })
    await meis.shows('one\ntwo\nAda\n')
    expect((await people.ada.fetch(at('files/e.txt'))).status).toBe(404)
    await people.ada.json('POST', at('write-back'), { path: 'e.txt' })
    await reaches('e.txt', 'one\ntwo\nAda\n')
  })

  test('what can be no document any more, is too long, or may not be edited by her is left as it is', async () => {
    await run("head -c 2000000 /dev/zero | tr '\\0' y > f.txt; printf 'a\\0b' > g.txt")
    expect(await mergeOfflineEdits('f.txt', 'text\n', 'text\nAda\n')).toMatchObject({ status: 'too_large' })
    expect(await mergeOfflineEdits('g.txt', 'text\n', 'text\nAda\n')).toMatchObject({ status: 'not_text' })
    const long = `${'x'.repeat(999)}\n`.repeat(1000)
    await put('h.txt', `${long}${'Mei\n'.repeat(8000)}`)
    expect(await mergeOfflineEdits('h.txt', long, `${'Ada\n'.repeat(8000)}${long}`)).toMatchObject({ status: 'too_large' })
    const refused = await people.tomas.fetch(at('hand-in'), { method: 'POST', body: given('a.txt', '', 'mine\n') })
    expect(refused.status).toBe(403)
    const beyond = await people.ada.fetch(at('hand-in'), { method: 'POST', body: given('h.txt', '', 'x'.repeat(1024 * 1024 + 1)) })
    expect(beyond.status).toBe(400)
  })

  test('the sandbox is asleep: it is woken for what she has', async () => {
    await put('i.txt', 'text\n')
    await people.mei.json('POST', at('sandbox/pause'))
    expect(await mergeOfflineEdits('i.txt', 'text\n', 'text\nAda\n')).toMatchObject({ status: 'merged' })
    await reaches('i.txt', 'text\nAda\n')
  })
})
