import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { diskPath } from '../sandboxes/paths.ts'
import { openDesk } from '../testing/file-desk.ts'
import { ada, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { editFile } from '../tools/edit-file.ts'
import { listFiles } from '../tools/list-files.ts'
import { readFile } from '../tools/read-file.ts'
import { runCommand } from '../tools/run-command.ts'
import { searchFiles } from '../tools/search-files.ts'
import { writeFile } from '../tools/write-file.ts'

/** Names that a disk can hold, as they are written everywhere. */
const names = [
  ' begins with a blank',
  'ends with a blank ',
  'two  blanks',
  'line\nbreak',
  'carriage\rreturn',
  'tab\there',
  'colour \u001b[31m',
  'deleted \u007f',
  'next line \u0085',
  'back\\slash',
  'C:\\temp\\x',
  '-rf',
  '--help',
  '$HOME',
  '`id`',
  '$(id)',
  "it's",
  'a "quote"',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '~',
  '!',
  '#hash?query=1&x',
  '%2F%00',
  'a;b|c&d',
  'con',
  'x:y',
  '.hidden',
  '..dots',
  '...',
  'e\u0301 and \u00e9',
  'cafe\u0301.txt',
  'caf\u00e9.txt',
  '潮汐',
  '😎🐈',
  '\u202etxt',
  'zero\u200bwidth',
  '\ufeffmark',
  'n'.repeat(255),
  // Bytes that are no UTF-8, and what looks like one of them.
  String.raw`caf\xe9.txt`,
  'caf\ufffd.txt',
  String.raw`caf\x5cxe9.txt`,
  String.raw`\xff\xfe`,
  String.raw`half \xe2\x82`,
  String.raw`a slash \xc0\xaf`,
  String.raw`half of a pair \xed\xa0\x80`,
  String.raw`line
break, é and \xe9`,
  String.raw`\xe9`.repeat(255),
]

describe('every name that the disk can hold', await needs('sandbox'), () => {
  let server: TestServer
  let person: TestPerson
  let projectId: string
  const texts = (name: string) => [`high water of ${names.indexOf(name)};\n`, `low water of ${names.indexOf(name)};\n`] as const

  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    person = await signUp(server.url, ada)
    projectId = (await makeProject(person)).id
    await make(Object.fromEntries(names.map((name) => [name, texts(name)[0]])))
  })
  /** Files by the bytes of their names, with what they hold. */
  async function make(files: Record<string, string>) {
    const made = Object.entries(files).map(([name, text]) => [Buffer.from(diskPath(name) as string).toString('base64'), text])
    const script = 'for (const [name, text] of JSON.parse(process.env.MADE)) require("fs").writeFileSync(Buffer.from(name, "base64"), text)'
    await run(`node -e '${script}'`, { MADE: JSON.stringify(made) })
  }
  async function run(command: string, env: Record<string, string> = {}) {
    const sandbox = await server.parts.sandboxes.get(projectId as ProjectId)
    const running = await sandbox.run(command, { timeoutMs: 60_000, env })
    expect(await running.exit, command).toMatchObject({ exitCode: 0 })
  }
  afterAll(() => server?.stop())

  const agent = () => {
    const { files, sandboxes, documents } = server.parts
    const tools = createToolContext(() => sandboxes.get(projectId as ProjectId), { files, documents })
    Object.assign(tools.context, { projectId, causedBy: { id: person.id, name: 'Ada' } })
    return tools
  }

  test('is listed', async () => {
    const { paths } = await person.json<{ paths: string[] }>('GET', `/api/projects/${projectId}/paths`)
    expect(names.filter((name) => !paths.includes(name))).toEqual([])
    const listed = await agent().call(listFiles, {})
    const entries = (listed as unknown as { value: { entries: { name: string }[] } }).value.entries.map(({ name }) => name)
    expect(names.filter((name) => !entries.includes(name))).toEqual([])
  })

  test.each(names.map((name) => [JSON.stringify(name), name]))('%s is read, searched, edited, opened, moved and removed', async (_, name) => {
    const [before, after] = texts(name)
    const tools = agent()
    expect(await tools.call(readFile, { path: name })).toMatchObject({ status: 'ok', value: { content: before } })
    expect(await tools.call(searchFiles, { pattern: before.trim() })).toMatchObject({
      status: 'ok',
      value: { matches: [{ path: name, line: 1, text: before.trim() }] },
    })
    expect(await tools.call(editFile, { path: name, old: 'high', new: 'low' })).toMatchObject({ status: 'ok' })
    const url = `/api/projects/${projectId}/files/${encodeURIComponent(name)}`
    const answer = await person.fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, after])

    const desk = openDesk(server.url, person, projectId)
    const file = await desk.open(name)
    expect(file.says()).toBe(after)
    file.type('typed\n')
    await file.marked()
    expect(await tools.call(readFile, { path: name })).toMatchObject({
      status: 'ok',
      value: { content: `${after}typed\n` },
    })
    desk.close()

    await person.json('POST', `/api/projects/${projectId}/move-file`, { from: name, to: 'plain.txt' })
    const moved = await person.fetch(`/api/projects/${projectId}/files/plain.txt`)
    expect([moved.status, await moved.text()]).toEqual([200, `${after}typed\n`])
    expect((await person.fetch(`/api/projects/${projectId}/files/plain.txt`, { method: 'DELETE' })).status).toBe(204)
  })

  test('what a command makes is told by its name', async () => {
    const command = String.raw`printf x > "$(printf 'made\nhere')"; printf x > 'made\there'`
    expect(await agent().call(runCommand, { command })).toMatchObject({
      value: { files: expect.arrayContaining(['made\nhere', 'made\\there']) as unknown },
    })
  })

  test('nobody gives a file a name that must be a mistake, and what is there is written all the same', async () => {
    for (const path of ['new\nline', 'src\\app.ts', 'bell\u0007']) {
      for (const call of ['create-file', 'create-folder']) {
        const refused = await person.fetch(`/api/projects/${projectId}/${call}`, { method: 'POST', body: { path } })
        expect([refused.status, await refused.text()], path).toEqual([400, expect.stringContaining('control characters or backslashes')])
      }
    }
    const tools = agent()
    expect(await tools.call(writeFile, { path: 'made\nhere', content: 'y' })).toMatchObject({ status: 'ok' })
    expect(await tools.call(readFile, { path: 'made\nhere' })).toMatchObject({ value: { content: 'y' } })
  })

  test('what a command makes of other names is told, and is in the tree of the room', async () => {
    const desk = openDesk(server.url, person, projectId)
    await desk.room.synced()
    const told = String.raw`m\xe4dchen.txt`
    expect(await agent().call(runCommand, { command: String.raw`printf x > $'m\xe4dchen.txt'` })).toMatchObject({
      value: { files: expect.arrayContaining([told]) as unknown },
    })
    const folders = desk.room.doc.getMap<{ entries: { name: string }[] }>('folders')
    await desk.room.until(() => folders.get('')?.entries.some(({ name }) => name === told) === true, 'the new name in the tree')
    await run(String.raw`rm $'m\xe4dchen.txt'`)
    await desk.room.until(() => folders.get('')?.entries.every(({ name }) => name !== told) === true, 'the tree without it')
    desk.close()
  })

  test('an open file that a program moves is followed', async () => {
    await make({ [String.raw`low \xe9`]: 'a text of its own, to be followed\n' })
    const desk = openDesk(server.url, person, projectId)
    const file = await desk.open(String.raw`low \xe9`)
    file.type('typed\n')
    await file.marked()
    await run(String.raw`mkdir $'d\xe9' && mv $'low \xe9' $'d\xe9/high \xff'`)
    await vi.waitFor(() => expect(desk.state(String.raw`low \xe9`)).toMatchObject({ status: 'moved', to: String.raw`d\xe9/high \xff` }), 20_000)
    const there = await desk.open(String.raw`d\xe9/high \xff`)
    there.type('and more\n')
    await there.marked()
    await vi.waitFor(async () => {
      const read = await agent().call(readFile, { path: String.raw`d\xe9/high \xff` })
      expect(read).toMatchObject({ value: { content: 'a text of its own, to be followed\ntyped\nand more\n' } })
    }, 20_000)
    desk.close()
  })

  test('a folder of such a name is listed, searched, downloaded, left by its files, and removed whole', async () => {
    await run(String.raw`mkdir -p $'tide \xe9/in'`)
    await make({ [String.raw`tide \xe9/in/caf\xe9`]: 'spring tide\n', [String.raw`tide \xe9/back\slash`]: 'neap tide\n' })
    const folder = String.raw`tide \xe9`
    const url = (path: string) => `/api/projects/${projectId}/files/${encodeURIComponent(path).replaceAll('%2F', '/')}`
    expect(await person.json('GET', url(folder))).toMatchObject({ entries: [{ name: 'in' }, { name: String.raw`back\slash` }] })
    expect(await agent().call(searchFiles, { pattern: 'tide', path: folder })).toMatchObject({
      value: { matches: expect.arrayContaining([{ path: String.raw`${folder}/in/caf\xe9`, line: 1, text: 'spring tide' }]) as unknown },
    })
    const zip = await person.fetch(`/api/projects/${projectId}/download?path=${encodeURIComponent(folder)}`)
    const inside = unzipSync(new Uint8Array(await zip.arrayBuffer()))
    expect(Object.keys(inside).sort()).toEqual([String.raw`${folder}/back\slash`, String.raw`${folder}/in/caf\xe9`])
    for (const path of [String.raw`${folder}/in/caf\xe9`, String.raw`${folder}/back\slash`]) {
      const to = path.slice(path.lastIndexOf('/') + 1)
      await person.json('POST', `/api/projects/${projectId}/move-file`, { from: path, to })
      expect((await person.fetch(url(to))).status).toBe(200)
      const renamed = { from: to, to: String.raw`other\x.txt` }
      expect((await person.fetch(`/api/projects/${projectId}/move-file`, { method: 'POST', body: renamed })).status).toBe(400)
      await person.json('POST', `/api/projects/${projectId}/move-file`, { from: to, to: path })
    }
    expect((await person.fetch(url(folder), { method: 'DELETE' })).status).toBe(204)
    expect((await person.fetch(url(folder))).status).toBe(404)
  })

  test('one name has one text: any other is refused, and touches nothing', async () => {
    await make({ 'é.txt': 'of é\n' })
    const alias = String.raw`\xc3\xa9.txt`
    const url = `/api/projects/${projectId}/files/${encodeURIComponent(alias)}`
    expect((await person.fetch(url)).status).toBe(400)
    expect((await person.fetch(url, { method: 'PUT', body: 'other' })).status).toBe(400)
    for (const call of [agent().call(readFile, { path: alias }), agent().call(writeFile, { path: alias, content: 'other' })])
      expect(await call).toMatchObject({ status: 'failed' })
    expect(await agent().call(readFile, { path: 'é.txt' })).toMatchObject({ value: { content: 'of é\n' } })
  })

  test('nothing starts in a folder that cannot be told to it, and says why', async () => {
    await run(String.raw`mkdir $'at \xe9'`)
    const started = agent().call(runCommand, { command: 'pwd', cwd: String.raw`at \xe9` })
    expect(await started).toMatchObject({ status: 'failed', message: expect.stringContaining('no UTF-8') })
  })
})
