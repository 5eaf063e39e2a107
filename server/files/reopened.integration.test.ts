import { eq } from 'drizzle-orm'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { openDesk } from '../testing/file-desk.ts'
import { ada as adasAccount, makeProject, signUp, type TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { fileTexts } from './table.ts'

describe('a file that is opened again', await needs('sandbox'), () => {
  let server: TestServer
  let ada: TestPerson
  let projectId: string
  beforeAll(async () => {
    server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local' } })
    ada = await signUp(server.url, adasAccount)
    projectId = (await makeProject(ada)).id
  })
  afterAll(() => server?.stop())

  test.each([
    ['now.txt', 'now'],
    ['before.txt', 'before'],
  ])('whose last change came from the disk, and which changed there meanwhile, is as it is there: %s, as it was kept %s', async (path, kept) => {
    await ada.fetch(`/api/projects/${projectId}/files/${path}`, { method: 'PUT', body: 'low\nhigh\nslack\n' })
    const found = (await readdir(server.dataDir, { recursive: true })).find((entry) => entry.endsWith(`/${path}`))
    const disk = join(server.dataDir, String(found))
    const desk = openDesk(server.url, ada, projectId)
    const file = await desk.open(path)
    await writeFile(disk, 'low\nhigh at noon\nslack\n')
    await file.shows('low\nhigh at noon\nslack\n')
    desk.close()
    const { documents, database } = server.parts
    const name = { kind: 'file', projectId: projectId as ProjectId, path: path as FilePath } as const
    await vi.waitFor(() => expect(documents.isLoaded(name)).toBe(false), { timeout: 30_000, interval: 100 })
    const rows = () =>
      database.db
        .select({ from: fileTexts.from })
        .from(fileTexts)
        .where(eq(fileTexts.document, `file/${projectId}/${path}`))
    await vi.waitFor(async () => expect(await rows()).toEqual([{ from: 'document' }]), 10_000)
    if (kept === 'before')
      await database.db
        .update(fileTexts)
        .set({ from: 'disk' })
        .where(eq(fileTexts.document, `file/${projectId}/${path}`))
    await writeFile(disk, 'low\nhigh at noon\nslack, and calm\n')
    const again = openDesk(server.url, ada, projectId)
    const reopened = await again.open(path)
    await reopened.shows('low\nhigh at noon\nslack, and calm\n')
    expect(await readFile(disk, 'utf8')).toBe('low\nhigh at noon\nslack, and calm\n')
    again.close()
  })
})
