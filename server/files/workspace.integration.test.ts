import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileChanges, FileMatch } from '#shared/files/changes.ts'
import type { AgentId, ProjectId, RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ada, makeProject, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { needs } from '../testing/require.ts'

describe('the workspace over HTTP', await needs('sandbox'), () => {
  let server: TestServer
  let person: TestPerson
  let base: string
  let projectId: string
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    person = await signUp(server.url, ada)
    projectId = (await makeProject(person)).id
    base = `/api/projects/${projectId}`
  })
  afterAll(() => server?.stop())

  const post = (call: string, body: unknown) => person.fetch(`${base}/${call}`, { method: 'POST', body })
  const get = <T>(call: string) => person.json<T>('GET', `${base}/${call}`)
  const run = (command: string) => person.json<{ stdout: string }>('POST', `${base}/commands`, { command })
  const paths = async () => (await get<{ paths: string[] }>('paths')).paths.toSorted()

  test('files and folders are made, moved and listed; what is there is not replaced', async () => {
    expect((await post('create-folder', { path: 'src/deep' })).status).toBe(201)
    expect((await post('create-file', { path: 'src/deep/a.ts', content: 'let a = 1\n' })).status).toBe(201)
    expect((await post('create-file', { path: 'empty.txt' })).status).toBe(201)
    expect((await post('create-file', { path: 'empty.txt', content: 'x' })).status).toBe(409)
    expect((await post('create-folder', { path: 'src' })).status).toBe(409)
    expect(await paths()).toEqual(['empty.txt', 'src/deep/a.ts'])
    expect((await post('move-file', { from: 'src/deep', to: 'lib' })).status).toBe(200)
    expect((await post('move-file', { from: 'empty.txt', to: 'lib/a.ts' })).status).toBe(409)
    expect((await post('move-file', { from: 'lib', to: 'lib/in/itself' })).status).toBe(400)
    expect((await post('move-file', { from: 'nothing', to: 'something' })).status).toBe(404)
    expect(await paths()).toEqual(['empty.txt', 'lib/a.ts'])
  })

  test('paths that lead out, links that lead out and names that are none are refused', async () => {
    await run('ln -sf /etc/hostname out; ln -sfn /etc outside')
    for (const path of ['../x', '/etc/passwd', 'a/../../x', 'a\0b', 'x'.repeat(300), `${'d/'.repeat(600)}x`]) {
      expect((await post('create-file', { path })).status, path.slice(0, 20)).toBe(400)
      expect((await post('create-folder', { path })).status, path.slice(0, 20)).toBe(400)
      expect((await post('move-file', { from: 'empty.txt', to: path })).status, path.slice(0, 20)).toBe(400)
      expect((await person.fetch(`${base}/download?path=${encodeURIComponent(path)}`)).status, path.slice(0, 20)).toBe(400)
    }
    expect((await person.fetch(`${base}/download?path=out`)).status).toBeGreaterThanOrEqual(400)
    expect((await post('create-file', { path: 'outside/x', content: 'x' })).status).toBeGreaterThanOrEqual(400)
    expect((await post('move-file', { from: 'empty.txt', to: 'outside/x' })).status).toBeGreaterThanOrEqual(400)
    await run('rm out outside')
  })

  test('words are found, as text or by a pattern, but not where .gitignore says', async () => {
    await run(
      `mkdir -p logs nm/keep && echo 'Tide: high 🌊 tide' > sea.md && echo tide > logs/x.log && echo tide > nm/keep/y && printf 'logs/\\nnm/*\\n!nm/keep\\n' > .gitignore`,
    )
    const found = async (query: string) => (await get<{ matches: FileMatch[] }>(`search-files?${query}`)).matches
    expect(await found('query=tide')).toMatchObject([
      { path: 'nm/keep/y', line: 1, column: 0 },
      { path: 'sea.md', line: 1, text: 'Tide: high 🌊 tide', column: 0, length: 4 },
    ])
    expect(await found('query=tide&matchCase=true&path=sea.md')).toEqual([])
    expect(await found('query=%F0%9F%8C%8A%20t.d&regex=true')).toMatchObject([{ path: 'sea.md', column: 11, length: 6 }])
    expect((await person.fetch(`${base}/search-files?query=(&regex=true`)).status).toBe(400)
    expect(await paths()).not.toContain('logs/x.log')
  })

  test('a search that would never end is ended', async () => {
    await run(`head -c 40000 /dev/zero | tr '\\0' a > long.txt`)
    const answer = await get<{ truncated: boolean }>(`search-files?query=${encodeURIComponent('(a+)+$b')}&regex=true`)
    expect(answer.truncated).toBe(true)
    await run('rm long.txt')
  })

  test('a file is saved whole or in part, a folder as a zip', async () => {
    const name = 'größe 1.txt'
    await person.fetch(`${base}/files/${encodeURIComponent(name)}`, { method: 'PUT', body: '0123456789' })
    const at = `${base}/download?path=${encodeURIComponent(name)}`
    const whole = await person.fetch(at)
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789'])
    expect(whole.headers.get('content-disposition')).toBe(`attachment; filename="gr__e 1.txt"; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.txt`)
    for (const [range, status, text] of [
      ['bytes=2-4', 206, '234'],
      ['bytes=-3', 206, '789'],
      ['bytes=8-', 206, '89'],
      ['bytes=10-', 416, ''],
      ['bytes=0-1,3-4', 200, '0123456789'],
    ] as const) {
      const part = await person.fetch(at, { headers: { range } })
      expect([part.status, await part.text()], range).toEqual([status, text])
    }
    await run('mkdir -p "zip/sub" && head -c 300000 /dev/urandom > zip/sub/r.bin && echo hi > "zip/ä.txt"')
    const zip = await person.fetch(`${base}/download?path=zip`)
    const entries = unzipSync(new Uint8Array(await zip.arrayBuffer()))
    expect(Object.entries(entries).map(([path, bytes]) => [path, bytes.length])).toEqual([
      ['zip/sub/r.bin', 300_000],
      ['zip/ä.txt', 3],
    ])
  })

  test('what changed since a run began is told, with its lines', async () => {
    expect(await get<FileChanges>('file-changes')).toEqual({ baseline: null, changes: [], truncated: false })
    await run("printf 'a\\nb\\n' > kept.txt; printf 'x\\n' > gone.txt")
    const runId = newId<RunId>('run')
    const by = { kind: 'agent', id: 'builder' as AgentId, name: 'Builder', runId, causedBy: { id: person.id, name: 'Ada' }, by: 'command' } as const
    await server.parts.files.runBegan(projectId as ProjectId, by)
    await run("printf 'a\\nB\\nc\\n' > kept.txt; rm gone.txt; echo new > new.txt; echo noise > logs/more.log")
    const { baseline, changes } = await get<FileChanges>('file-changes')
    expect(baseline).toMatchObject({ runId })
    expect(changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: 'gone.txt', status: 'D', added: 0, removed: 1 },
      { path: 'kept.txt', status: 'M', added: 2, removed: 1 },
      { path: 'new.txt', status: 'A', added: 1, removed: 0 },
    ])
    expect(await get('file-diff?path=kept.txt')).toMatchObject({
      status: 'M',
      before: 'a\nb\n',
      after: 'a\nB\nc\n',
      diff: expect.stringContaining('-b\n+B\n+c'),
    })
    expect(await get('file-diff?path=sea.md')).toMatchObject({ status: 'same' })
    // A second look at the same run is the first one.
    await server.parts.files.runBegan(projectId as ProjectId, by)
    expect((await get<FileChanges>('file-changes')).changes).toHaveLength(3)
  })
})
