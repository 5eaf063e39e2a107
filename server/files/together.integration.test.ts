import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { authorOf, readAllEditing, readRanges } from '#shared/files/doc.ts'
import type { ClientAuthor } from '#shared/files/state.ts'
import { ada, join as joinProject, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { editFile } from '../tools/edit-file.ts'
import { readFile as readTool } from '../tools/read-file.ts'
import { writeFile as writeTool } from '../tools/write-file.ts'
import { openDesk } from '../testing/file-desk.ts'
import { needs } from '../testing/require.ts'

describe('files edited together', await needs('sandbox'), () => {
  let server: TestServer
  let people: { ada: TestPerson; mei: TestPerson }
  let projectId: string
  let desks: ReturnType<typeof openDesk>[] = []
  /** Where the files are on this machine: what writes there is seen from inside as any program. */
  let workspace: string

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    people = { ada: await signUp(server.url, ada), mei: await signUp(server.url, mei) }
    projectId = (await makeProject(people.ada)).id
    await joinProject(people.ada, projectId, people.mei, 'editor')
    await put('here.txt', 'x')
    const found = (await readdir(server.dataDir, { recursive: true })).find((entry) => entry.endsWith('/here.txt'))
    workspace = join(server.dataDir, String(found).slice(0, -'/here.txt'.length))
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

  const onHost = (path: string, text: string) => writeFile(join(workspace, path), text)
  const pause = () => people.ada.json('POST', `/api/projects/${projectId}/sandbox/pause`)
  const resume = () => people.ada.json('POST', `/api/projects/${projectId}/sandbox/start`)
  /** The tools as a run calls them, on the real server. */
  const agentOf = () => {
    const { files, sandboxes, documents } = server.parts
    const tools = createToolContext(() => sandboxes.get(projectId as ProjectId), { files, documents })
    Object.assign(tools.context, { projectId, causedBy: { id: people.ada.id, name: 'Ada' } })
    return tools
  }

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

  test('both change the same line: both texts stand, the room says so, and one of them is chosen', async () => {
    await put('b.txt', 'first\nlet x = 1\nlast\n')
    const desk = deskOf('ada')
    const file = await desk.open('b.txt')
    await pause()
    file.text.delete(file.says().indexOf('1'), 1)
    file.type('2', '\nlast')
    await file.marked()
    await onHost('b.txt', 'first\nlet x = 3\nlast\n')
    await resume()
    await file.shows('first\nlet x = 2\nlet x = 3\nlast\n')
    await vi.waitFor(() => expect(desk.conflicts('b.txt')).toHaveLength(1), 5_000)
    const [conflict] = desk.conflicts('b.txt')
    expect(conflict).toMatchObject({
      path: 'b.txt',
      line: 2,
      base: 'let x = 1\n',
      mine: { text: 'let x = 2\n' },
      disk: { text: 'let x = 3\n', authors: [{ kind: 'sandbox' }] },
    })
    expect(conflict?.mine.authors).toContainEqual({ kind: 'user', id: people.ada.id, name: 'Ada' })
    await reaches('b.txt', 'first\nlet x = 2\nlet x = 3\nlast\n')
    const answer = await people.mei.fetch(`/api/projects/${projectId}/conflicts/${conflict?.id}/resolve`, { method: 'POST', body: { keep: 'disk' } })
    expect(answer.status).toBe(204)
    await file.shows('first\nlet x = 3\nlast\n')
    await reaches('b.txt', 'first\nlet x = 3\nlast\n')
    expect(desk.conflicts()).toEqual([])
    const late = await people.ada.fetch(`/api/projects/${projectId}/conflicts/${conflict?.id}/resolve`, { method: 'POST', body: { keep: 'mine' } })
    expect(late.status).toBe(409)
  })

  test('the sandbox is paused: what Ada types is kept, and written when it wakes', async () => {
    await put('c.txt', 'one\n')
    const desk = deskOf('ada')
    const file = await desk.open('c.txt')
    await pause()
    file.type('two\n')
    await vi.waitFor(() => expect(desk.state('c.txt')).toMatchObject({ status: 'waiting' }), 5_000)
    expect(await readFile(join(workspace, 'c.txt'), 'utf8')).toBe('one\n')
    await resume()
    await reaches('c.txt', 'one\ntwo\n')
    await vi.waitFor(() => expect(desk.state('c.txt')).toMatchObject({ status: 'level' }), 5_000)
  })

  test('the room is empty while a command works: the next one who comes sees both', async () => {
    await put('d.txt', 'one\ntwo\nthree\n')
    const first = deskOf('ada')
    const file = await first.open('d.txt')
    file.type('by Ada\n', 'three')
    await reaches('d.txt', 'one\ntwo\nby Ada\nthree\n')
    first.close()
    await vi.waitFor(() => expect(server.parts.documents.isLoaded({ kind: 'file', projectId, path: 'd.txt' } as never)).toBe(false), {
      timeout: 20_000,
      interval: 100,
    })
    await onHost('d.txt', 'ONE\ntwo\nby Ada\nthree\n')
    const again = await deskOf('mei').open('d.txt')
    expect(again.says()).toBe('ONE\ntwo\nby Ada\nthree\n')
    const { authors } = await people.mei.json<{ authors: ClientAuthor[] }>('GET', `/api/projects/${projectId}/file-authors?path=d.txt`)
    const by = readRanges(again.text).map((range) => [again.says().slice(range.start, range.end), authorOf(authors, range)?.kind])
    expect(by).toContainEqual(['by Ada\n', 'user'])
    expect(by.find(([text]) => text?.includes('ONE'))).toMatchObject(['ONE', 'sandbox'])
  })

  test('a file that is deleted while it is open keeps its text, and can be written back', async () => {
    await put('e.txt', 'precious\n')
    const desk = deskOf('ada')
    const file = await desk.open('e.txt')
    expect((await people.mei.fetch(`/api/projects/${projectId}/files/e.txt`, { method: 'DELETE' })).status).toBe(204)
    await vi.waitFor(() => expect(desk.state('e.txt')).toMatchObject({ status: 'deleted', by: { kind: 'user', name: 'Mei' } }), 5_000)
    file.type('more\n')
    await file.marked()
    expect(file.says()).toBe('precious\nmore\n')
    expect((await people.ada.fetch(`/api/projects/${projectId}/files/e.txt`)).status).toBe(404)
    await people.ada.json('POST', `/api/projects/${projectId}/write-back`, { path: 'e.txt' })
    expect(await onDisk('e.txt')).toBe('precious\nmore\n')
    await vi.waitFor(() => expect(desk.state('e.txt')).toMatchObject({ status: 'level' }), 5_000)
    // At once: of a file that grows the room may see any part.
    await run("head -c 2000000 /dev/zero | tr '\\0' y > e.new; mv e.new e.txt")
    await vi.waitFor(() => expect(desk.state('e.txt')).toMatchObject({ status: 'too_large' }), 5_000)
    await run("printf 'a\\0b' > e.txt")
    await vi.waitFor(() => expect(desk.state('e.txt')).toMatchObject({ status: 'not_text' }), 5_000)
    expect(file.says()).toBe('precious\nmore\n')
  })

  test('a moved file takes its document along, and what is still typed under the old name', async () => {
    await put('old/f.txt', 'text\n')
    const desk = deskOf('ada')
    const before = await desk.open('old/f.txt')
    before.type('Ada\n')
    await people.mei.json('POST', `/api/projects/${projectId}/move-file`, { from: 'old', to: 'new' })
    await vi.waitFor(() => expect(desk.state('old/f.txt')).toMatchObject({ status: 'moved', to: 'new/f.txt' }), 5_000)
    const after = await deskOf('mei').open('new/f.txt')
    expect(after.says()).toBe('text\nAda\n')
    before.type('late\n')
    await after.shows('text\nAda\nlate\n')
    await reaches('new/f.txt', 'text\nAda\nlate\n')
    const { authors } = await people.mei.json<{ authors: ClientAuthor[] }>('GET', `/api/projects/${projectId}/file-authors?path=new/f.txt`)
    expect(authors).toContainEqual(expect.objectContaining({ client: before.doc.clientID, author: { kind: 'user', id: people.ada.id, name: 'Ada' } }))
  })

  test('while a file is moved, nobody is told that it was deleted', async () => {
    await put('here/i.txt', 'text\n')
    const desk = deskOf('ada')
    const before = await desk.open('here/i.txt')
    const meis = deskOf('mei')
    await meis.open('here/i.txt')
    const told: unknown[] = []
    meis.room.doc.getMap('files').observe(() => told.push(meis.state('here/i.txt')?.status))
    before.type('Ada\n')
    await people.ada.json('POST', `/api/projects/${projectId}/move-file`, { from: 'here', to: 'there' })
    await vi.waitFor(() => expect(meis.state('here/i.txt')).toMatchObject({ status: 'moved', to: 'there/i.txt', by: { name: 'Ada' } }), 5_000)
    expect(told).not.toContain('deleted')
    await reaches('there/i.txt', 'text\nAda\n')
  })

  test('a file that a command moves is followed with all that was typed; one that is copied is not', async () => {
    await put('j.txt', 'text of its own\n')
    const desk = deskOf('ada')
    const before = await desk.open('j.txt')
    await run('cp j.txt copy.txt')
    before.type('Ada\n')
    await reaches('j.txt', 'text of its own\nAda\n')
    await run('mkdir -p sub && mv j.txt sub/k.txt')
    await vi.waitFor(() => expect(desk.state('j.txt')).toMatchObject({ status: 'moved', to: 'sub/k.txt' }), 5_000)
    const after = await deskOf('mei').open('sub/k.txt')
    expect(after.says()).toBe('text of its own\nAda\n')
    before.type('late\n')
    await reaches('sub/k.txt', 'text of its own\nAda\nlate\n')
    const { authors } = await people.mei.json<{ authors: ClientAuthor[] }>('GET', `/api/projects/${projectId}/file-authors?path=sub/k.txt`)
    expect(authors).toContainEqual(expect.objectContaining({ client: before.doc.clientID, author: { kind: 'user', id: people.ada.id, name: 'Ada' } }))
    await run('rm sub/k.txt')
    await vi.waitFor(() => expect(desk.state('sub/k.txt')).toMatchObject({ status: 'deleted' }), 5_000)
  })

  test('a folder that a command renames takes its open files along, also those that are alike', async () => {
    await put('a1/one.txt', 'alike\n')
    await put('a1/two.txt', 'alike\n')
    const desk = deskOf('ada')
    await desk.open('a1/one.txt')
    await desk.open('a1/two.txt')
    await run('mv a1 a2')
    await vi.waitFor(() => expect(desk.state('a1/one.txt')).toMatchObject({ status: 'moved', to: 'a2/one.txt' }), 5_000)
    await vi.waitFor(() => expect(desk.state('a1/two.txt')).toMatchObject({ status: 'moved', to: 'a2/two.txt' }), 5_000)
  })

  test('a program that empties a file and writes it again slowly has its text, whole', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at} of the list\n`).join('')
    await put('slow.txt', lines)
    const file = await deskOf('ada').open('slow.txt')
    await run('cp slow.txt /tmp/slow; { sleep 0.9; head -c 300 /tmp/slow; sleep 0.4; tail -c +301 /tmp/slow; echo one more; } > slow.txt')
    await file.shows(`${lines}one more\n`)
    await reaches('slow.txt', `${lines}one more\n`)
    expect(file.says()).toBe(`${lines}one more\n`)
  })

  test("nobody writes under another's name", async () => {
    await put('g.txt', 'text\n')
    const adas = await deskOf('ada').open('g.txt')
    const meis = await deskOf('mei').open('g.txt')
    adas.type('Ada\n')
    await meis.shows('text\nAda\n')
    const forged = new Y.Doc()
    Y.applyUpdate(forged, Y.encodeStateAsUpdate(meis.doc))
    forged.clientID = adas.doc.clientID
    forged.getText('content').insert(0, 'forged ')
    Y.applyUpdate(meis.doc, Y.encodeStateAsUpdate(forged))
    await meis.until(() => meis.heard.some((message) => message.type === 'refused'), 'a refusal')
    expect(meis.heard).toContainEqual(expect.objectContaining({ type: 'refused', code: 'foreign_author' }))
    adas.type('again\n')
    await reaches('g.txt', 'text\nAda\nagain\n')
    expect(adas.says()).toBe('text\nAda\nagain\n')
  })

  test('a file that is opened in the moment in which the disk changes is opened', async () => {
    const desk = deskOf('ada')
    for (let at = 0; at < 40; at++) {
      await put(`fresh/${at}.txt`, 'text\n')
      const [file] = await Promise.all([desk.open(`fresh/${at}.txt`), onHost(`fresh/${at}.txt`, 'text\nmore\n')])
      await file.shows('text\nmore\n')
      expect(file.says()).toBe('text\nmore\n')
    }
  })

  test('an agent edits where people see it, as itself, and not what they changed meanwhile', async () => {
    await put('h.txt', 'one\ntwo\nthree\n')
    const desk = deskOf('ada')
    const file = await desk.open('h.txt')
    const tools = agentOf()
    file.type('unsaved ', 'one')
    await file.marked()
    expect(await tools.call(readTool, { path: 'h.txt' })).toMatchObject({ value: { content: 'unsaved one\ntwo\nthree\n' } })
    file.type('zero\n', 'unsaved')
    await file.marked()
    expect(await tools.call(editFile, { path: 'h.txt', old: 'two', new: '2' })).toMatchObject({ status: 'ok' })
    await file.shows('zero\nunsaved one\n2\nthree\n')
    const cursors = [...(file.provider.awareness?.getStates().values() ?? [])]
    expect(cursors).toContainEqual(expect.objectContaining({ user: { id: 'builder', name: 'Builder', agent: true, runId: tools.context.runId } }))
    await vi.waitFor(() => expect(readAllEditing(desk.room.doc)).toMatchObject([{ name: 'Builder', path: 'h.txt' }]), 5_000)
    const { authors } = await people.ada.json<{ authors: ClientAuthor[] }>('GET', `/api/projects/${projectId}/file-authors?path=h.txt`)
    const two = readRanges(file.text).find((range) => file.says().slice(range.start, range.end) === '2')
    expect(two && authorOf(authors, two)).toMatchObject({ kind: 'agent', name: 'Builder', runId: tools.context.runId, causedBy: { name: 'Ada' } })
    // Ada changes the place that the agent has read.
    file.text.delete(file.says().indexOf('three'), 5)
    file.type('drei')
    await file.marked()
    expect(await tools.call(editFile, { path: 'h.txt', old: '2\nthree', new: '2\n3' })).toMatchObject({ status: 'failed', code: 'changed' })
    expect(await tools.call(writeTool, { path: 'h.txt', content: 'zero\nunsaved one\n2\n3\n' })).toMatchObject({ status: 'failed', code: 'changed' })
    await tools.call(readTool, { path: 'h.txt' })
    expect(await tools.call(editFile, { path: 'h.txt', old: 'drei', new: '3' })).toMatchObject({ status: 'ok' })
    await reaches('h.txt', file.says())
  })
})
