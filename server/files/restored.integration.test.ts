import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { openDesk } from '../testing/file-desk.ts'
import { ada, join as joinProject, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { editFile } from '../tools/edit-file.ts'
import { runCommand } from '../tools/run-command.ts'

const committed = 'low water\nhigh water\nslack\n'

/** Whatever puts an older text back; each leaves `committed` in the file. */
const restoring = {
  'git checkout': 'git checkout -q -- tide.txt',
  'git stash': 'git stash -q',
  'git reset': 'git reset -q --hard',
  'git restore': 'git restore tide.txt',
  cp: 'cp tide.orig tide.txt',
  mv: 'cp tide.orig other && mv other tide.txt',
  'a redirection': 'cat tide.orig > tide.txt',
  'a program that writes it piece by piece': `node -e "const fs=require('fs');const t=fs.readFileSync('tide.orig','utf8');fs.writeFileSync('tide.txt','');for(const c of t.match(/[^]{1,9}/g))fs.appendFileSync('tide.txt',c)"`,
}

describe('work on disk is not undone', await needs('sandbox'), () => {
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
    await people.ada.fetch(`/api/projects/${projectId}/files/tide.orig`, { method: 'PUT', body: committed })
    await run(
      'cp tide.orig tide.txt; git init -q .; git config user.email a@b.c; git config user.name A; echo tide.orig > .gitignore; git add -A; git commit -qm a',
    )
    const found = (await readdir(server.dataDir, { recursive: true })).find((entry) => entry.endsWith('/tide.orig'))
    workspace = join(server.dataDir, String(found).slice(0, -'/tide.orig'.length))
  })
  afterEach(async () => {
    await run('git checkout -q -- tide.txt')
    for (const desk of desks) {
      while ((await onDisk()) !== committed) await wait(20)
      await Promise.all(desk.conflicts().map(({ id }) => resolve(id, 'disk')))
      desk.close()
    }
    desks = []
  })
  afterAll(() => server?.stop())

  const run = async (command: string) => {
    const done = await people.ada.json<{ exitCode: number; stdout: string; stderr: string }>('POST', `/api/projects/${projectId}/commands`, {
      command,
    })
    expect(done).toMatchObject({ exitCode: 0 })
    return done
  }
  const resolve = async (id: string | undefined, keep: 'mine' | 'disk' | 'both') => {
    const { status } = await people.mei.fetch(`/api/projects/${projectId}/conflicts/${id}/resolve`, { method: 'POST', body: { keep } })
    expect(status).toBe(204)
  }
  const onDisk = () => readFile(join(workspace, 'tide.txt'), 'utf8')
  async function opened() {
    const desk = openDesk(server.url, people.ada, projectId)
    desks.push(desk)
    const file = await desk.open('tide.txt')
    return { desk, file }
  }
  /** As it is, and as it stays: after everything that may write it back has had its time. */
  async function restsAt(file: { shows(text: string): Promise<void>; says(): string }, wanted: string) {
    await file.shows(wanted)
    await wait(2_000)
    expect([await onDisk(), file.says()]).toEqual([wanted, wanted])
  }
  const agent = () => {
    const { files, sandboxes, documents } = server.parts
    const tools = createToolContext(() => sandboxes.get(projectId as ProjectId), { files, documents })
    Object.assign(tools.context, { projectId, causedBy: { id: people.ada.id, name: 'Ada' } })
    return tools
  }

  test.each(Object.entries(restoring))('a tool edits an open file, and %s follows at once', async (_, command) => {
    const { desk, file } = await opened()
    await file.shows(committed)
    const tools = agent()
    const edited = await tools.call(editFile, { path: 'tide.txt', old: 'slack', new: 'slack water' })
    expect(edited).toMatchObject({ status: 'ok' })
    await tools.call(runCommand, { command })
    await restsAt(file, committed)
    // It was the agent’s own work.
    expect(desk.conflicts('tide.txt')).toEqual([])
  })

  test('who had typed is told, and brings it back', async () => {
    const { desk, file } = await opened()
    for (const [keep, wanted] of [
      ['disk', committed],
      ['mine', committed.replace('high', 'high by Ada')],
      ['both', committed.replace('high water\n', 'high by Ada water\nhigh water\n')],
    ] as const) {
      file.type(' by Ada', ' water\nslack')
      await file.marked()
      await run('git checkout -q -- tide.txt')
      await restsAt(file, committed)
      await vi.waitFor(() => expect(desk.conflicts('tide.txt')).toHaveLength(1), 5_000)
      const [conflict] = desk.conflicts('tide.txt')
      expect(conflict).toMatchObject({
        undone: true,
        line: 2,
        mine: { text: 'high by Ada water\n', authors: expect.arrayContaining([expect.objectContaining({ kind: 'user', name: 'Ada' })]) },
        disk: { text: 'high water\n', authors: [{ kind: 'sandbox' }] },
      })
      await resolve(conflict?.id, keep)
      await restsAt(file, wanted)
      expect(desk.conflicts('tide.txt')).toEqual([])
      await run('git checkout -q -- tide.txt')
      await file.shows(committed)
      for (const { id } of desk.conflicts('tide.txt')) await resolve(id, 'disk')
    }
  })

  test.each([
    [' early', ''],
    [' later', ', while another rewrote the file'],
  ])('who typed%s while a slow program worked from an older text is told, and brings it back%s', async (typed, meanwhile) => {
    const { desk, file } = await opened()
    const disk = join(workspace, 'tide.txt')
    await file.shows(committed)
    const read = await onDisk()
    file.type(typed, ' water\nslack')
    await file.marked()
    await vi.waitFor(async () => expect(await onDisk()).toContain(typed))
    await wait(2_500)
    if (meanwhile) {
      await writeFile(disk, (await onDisk()).replace('low', 'flat'))
      await file.shows(committed.replace('high', `high${typed}`).replace('low', 'flat'))
    }
    await writeFile(disk, `${read}tide\n`)
    await restsAt(file, `${committed}tide\n`)
    await vi.waitFor(() => expect(desk.conflicts('tide.txt')).toHaveLength(1), 5_000)
    const [conflict] = desk.conflicts('tide.txt')
    expect(conflict).toMatchObject({ undone: true, mine: { text: `high${typed} water\n` }, disk: { text: 'high water\n' } })
    await resolve(conflict?.id, 'mine')
    await restsAt(file, `${committed.replace('high', `high${typed}`)}tide\n`)
  })

  test('a long passage comes back whole', async () => {
    const { desk, file } = await opened()
    const long = 'a long line of Ada’s\n'.repeat(2_000)
    file.type(long, 'slack')
    await file.marked()
    await run('git checkout -q -- tide.txt')
    await restsAt(file, committed)
    await vi.waitFor(() => expect(desk.conflicts('tide.txt')).toMatchObject([{ mine: { cut: true } }]), 5_000)
    const [conflict] = desk.conflicts('tide.txt')
    await resolve(conflict?.id, 'mine')
    await restsAt(file, committed.replace('slack', `${long}slack`))
  })

  test('a command that puts back what was there long before two edits in a row', async () => {
    const { desk, file } = await opened()
    await run("printf 'low water\\nhigh water at noon\\nslack\\n' > tide.txt")
    await file.shows(committed.replace('high water', 'high water at noon'))
    await wait(2_000)
    const tools = agent()
    await tools.call(editFile, { path: 'tide.txt', old: 'slack', new: 'slack water' })
    await tools.call(editFile, { path: 'tide.txt', old: 'low', new: 'very low' })
    await tools.call(runCommand, { command: 'cp tide.orig tide.txt' })
    await restsAt(file, committed)
    expect(desk.conflicts('tide.txt')).toEqual([])
  })

  test('a program that changes what it has seen is one more who works here, and nobody is told', async () => {
    const { desk, file } = await opened()
    file.type('the tide turns at 2\n', 'slack')
    await file.marked()
    await run("sed -i 's/at 2/at 1 + 1/' tide.txt")
    await restsAt(file, committed.replace('slack', 'the tide turns at 1 + 1\nslack'))
    expect(desk.conflicts('tide.txt')).toEqual([])
  })

  test('any other program that puts it back exactly is followed', async () => {
    const { desk, file } = await opened()
    file.type('typed ', 'slack')
    await vi.waitFor(async () => expect(await onDisk()).toContain('typed'), { timeout: 5_000, interval: 5 })
    await writeFile(join(workspace, 'tide.txt'), committed)
    await restsAt(file, committed)
    await vi.waitFor(() => expect(desk.conflicts('tide.txt')).toMatchObject([{ undone: true, mine: { text: 'typed slack\n' } }]), 5_000)
  })
})
