import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
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

/** Names that a disk can hold. */
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
  '潮汐',
  '😎🐈',
  '\u202etxt',
  'zero\u200bwidth',
  '\ufeffmark',
  'n'.repeat(255),
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
    const sandbox = await server.parts.sandboxes.get(projectId as ProjectId)
    const made = Object.fromEntries(names.map((name) => [name, texts(name)[0]]))
    const script = 'for (const [name, text] of Object.entries(JSON.parse(process.env.MADE))) require("fs").writeFileSync(name, text)'
    const running = await sandbox.run(`node -e '${script}'`, { timeoutMs: 60_000, env: { MADE: JSON.stringify(made) } })
    const { exitCode } = await running.exit
    if (exitCode !== 0) throw new Error(`the files were not made: ${exitCode}`)
  })
  afterAll(() => server?.stop())

  const agent = () => {
    const { files, sandboxes, documents } = server.parts
    const tools = createToolContext(() => sandboxes.get(projectId as ProjectId))
    Object.assign(tools.context, { projectId, files, documents, causedBy: { id: person.id, name: 'Ada' } })
    return tools.context
  }

  test('is listed', async () => {
    const { paths } = await person.json<{ paths: string[] }>('GET', `/api/projects/${projectId}/paths`)
    expect(names.filter((name) => !paths.includes(name))).toEqual([])
    const listed = await listFiles.execute(listFiles.input.parse({}), agent())
    const entries = (listed as unknown as { value: { entries: { name: string }[] } }).value.entries.map(({ name }) => name)
    expect(names.filter((name) => !entries.includes(name))).toEqual([])
  })

  test.each(names.map((name) => [JSON.stringify(name), name]))('%s is read, searched, edited, opened, moved and removed', async (_, name) => {
    const [before, after] = texts(name)
    const context = agent()
    expect(await readFile.execute(readFile.input.parse({ path: name }), context)).toMatchObject({ status: 'ok', value: { content: before } })
    expect(await searchFiles.execute(searchFiles.input.parse({ pattern: before.trim() }), context)).toMatchObject({
      status: 'ok',
      value: { matches: [{ path: name, line: 1, text: before.trim() }] },
    })
    expect(await editFile.execute(editFile.input.parse({ path: name, old: 'high', new: 'low' }), context)).toMatchObject({ status: 'ok' })
    const url = `/api/projects/${projectId}/files/${encodeURIComponent(name)}`
    const answer = await person.fetch(url)
    expect([answer.status, await answer.text()]).toEqual([200, after])

    const desk = openDesk(server.url, person, projectId)
    const file = await desk.open(name)
    expect(file.says()).toBe(after)
    file.type('typed\n')
    await file.marked()
    expect(await readFile.execute(readFile.input.parse({ path: name }), context)).toMatchObject({
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
    expect(await runCommand.execute(runCommand.input.parse({ command }), agent())).toMatchObject({
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
    const context = agent()
    expect(await writeFile.execute(writeFile.input.parse({ path: 'made\nhere', content: 'y' }), context)).toMatchObject({ status: 'ok' })
    expect(await readFile.execute(readFile.input.parse({ path: 'made\nhere' }), context)).toMatchObject({ value: { content: 'y' } })
  })
})
