import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import { readFolder, readSandbox } from '#shared/projects/doc.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { projects } from '../projects/table.ts'
import type { Sandbox, Sandboxes } from '../sandboxes/port.ts'
import { createSandboxes } from '../sandboxes/service.ts'
import type { Documents } from '../sync/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createFileTree } from './projection.ts'
import type { FileTree } from './projection.ts'
import { needs } from '../testing/require.ts'

const log = pino({ level: 'silent' })
const ada = newId<UserId>('usr')

/** Documents in memory: what the tree needs of them, with people who come and go. */
function documentsInMemory() {
  const docs = new Map<string, Y.Doc>()
  const here = new Map<string, UserId[]>()
  const listeners: Parameters<Documents['onPeople']>[0][] = []
  const docOf = (projectId: string) => {
    const doc = docs.get(projectId) ?? new Y.Doc()
    docs.set(projectId, doc)
    return doc
  }
  const documents = {
    write: async (name: { projectId: string }, change: (doc: Y.Doc) => void) => docOf(name.projectId).transact(() => change(docOf(name.projectId))),
    isLoaded: () => true,
    onLoad: () => {},
    peopleIn: (projectId: string) => here.get(projectId) ?? [],
    onPeople: (listener: (typeof listeners)[number]) => void listeners.push(listener),
  } as unknown as Documents
  return {
    documents,
    docOf,
    people(projectId: ProjectId, who: UserId[]) {
      here.set(projectId, who)
      for (const listener of listeners) listener(projectId, who)
    },
  }
}

describe('the file tree of a room', await needs('sandbox'), () => {
  let database: Database
  let dataDir: string
  let sandboxes: Sandboxes
  let memory: ReturnType<typeof documentsInMemory>
  let tree: FileTree
  let project: ProjectId

  beforeAll(async () => {
    database = await openTestDatabase('embedded')
    dataDir = await mkdtemp(join(tmpdir(), 'atrium-tree-'))
    const sandbox = { provider: 'local' as const, e2bApiKey: undefined, unsafe: false, egress: [] }
    sandboxes = await createSandboxes({ config: { dataDir, sandbox }, database, clock: systemClock, log })
    await database.db.insert(users).values({ id: ada, name: 'Ada', email: 'ada@example.org', passwordHash: 'x', admin: false, createdAt: 1 })
    memory = documentsInMemory()
    tree = createFileTree({ sandboxes, documents: memory.documents, log })
  })
  beforeEach(async () => {
    project = newId<ProjectId>('prj')
    await database.db.insert(projects).values({ id: project, name: 'Engine', createdBy: ada, createdAt: 1, updatedAt: 1 })
  })
  afterAll(async () => {
    await tree?.stop()
    await sandboxes?.stop()
    await database?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const doc = () => memory.docOf(project)
  const names = (path: string) => readFolder(doc(), path as FolderPath)?.entries.map(({ name }) => name)
  const does = async (sandbox: Sandbox, command: string) => (await sandbox.run(command)).exit

  test('Ada enters: the sandbox starts, and the tree follows what happens', async () => {
    memory.people(project, [ada])
    await vi.waitFor(() => expect(readSandbox(doc())?.status).toBe('running'), 10_000)
    await vi.waitFor(() => expect(names('')).toEqual([]), 5000)
    const sandbox = await sandboxes.get(project)
    await sandbox.files.write('src/app.ts' as FilePath, 'x')
    await vi.waitFor(() => expect(names('')).toEqual(['src']), 3000)
    expect(names('src')).toBeUndefined()
    await tree.expand(project, ['src' as FolderPath])
    expect(names('src')).toEqual(['app.ts'])
    await sandbox.files.write('src/b.ts' as FilePath, 'x')
    await vi.waitFor(() => expect(names('src')).toEqual(['app.ts', 'b.ts']), 3000)
    await sandbox.files.remove('src' as FilePath)
    await vi.waitFor(() => expect(names('')).toEqual([]), 3000)
    await vi.waitFor(() => expect(names('src')).toBeUndefined(), 3000)
    memory.people(project, [])
  })

  test('nobody looks: nothing is watched; the next visitor sees what is there', async () => {
    const sandbox = await sandboxes.get(project)
    await sandbox.files.write('alone.txt' as FilePath, 'x')
    expect(names('')).toBeUndefined()
    memory.people(project, [ada])
    await vi.waitFor(() => expect(names('')).toEqual(['alone.txt']), 5000)
    await sandboxes.kill(project)
    await vi.waitFor(() => expect(readSandbox(doc())?.status).toBe('stopped'))
    expect(names('')).toEqual(['alone.txt'])
    await sandboxes.get(project)
    await (await sandboxes.get(project)).files.write('later.txt' as FilePath, 'x')
    await vi.waitFor(() => expect(names('')).toEqual(['alone.txt', 'later.txt']), 5000)
    memory.people(project, [])
  })

  test('a storm in node_modules changes next to nothing, and an expanded folder in it is followed', async () => {
    const sandbox = await sandboxes.get(project)
    memory.people(project, [ada])
    await vi.waitFor(() => expect(names('')).toEqual([]), 5000)
    await does(sandbox, 'mkdir node_modules && touch node_modules/.keep')
    await vi.waitFor(() => expect(names('')).toEqual(['node_modules']), 3000)
    let updates = 0
    doc().on('update', () => updates++)
    await does(sandbox, 'for d in $(seq 100); do mkdir node_modules/p$d; for f in $(seq 20); do echo x > node_modules/p$d/$f.js; done; done')
    await sandbox.files.write('after.txt' as FilePath, 'x')
    await vi.waitFor(() => expect(names('')).toEqual(['node_modules', 'after.txt']), 3000)
    expect(updates).toBeLessThan(10)
    await tree.expand(project, ['node_modules/p7' as FolderPath])
    expect(names('node_modules/p7')).toHaveLength(20)
    await sandbox.files.write('node_modules/p7/new.js' as FilePath, 'x')
    await vi.waitFor(() => expect(names('node_modules/p7')).toContain('new.js'), 3000)
    memory.people(project, [])
  })

  test('50,000 files, all folders opened: the document stays under 1 MB', async () => {
    const sandbox = await sandboxes.get(project)
    memory.people(project, [ada])
    const made = `for d in $(seq 250); do mkdir -p big/folder-with-a-long-name-$d; (cd big/folder-with-a-long-name-$d && seq -f 'a-file-with-quite-a-long-name-%g.txt' 200 | xargs touch); done`
    expect(await does(sandbox, made)).toMatchObject({ exitCode: 0 })
    const paths = Array.from({ length: 250 }, (_, at) => `big/folder-with-a-long-name-${at + 1}` as FolderPath)
    for (let at = 0; at < paths.length; at += 50) await tree.expand(project, paths.slice(at, at + 50))
    expect(names('')).toEqual(['big'])
    expect(names('big')).toHaveLength(250)
    expect(names(String(paths.at(-1)))).toHaveLength(200)
    expect(names(String(paths[0]))).toBeUndefined()
    expect(Y.encodeStateAsUpdate(doc()).length).toBeLessThan(1_000_000)
    memory.people(project, [])
  })
})
