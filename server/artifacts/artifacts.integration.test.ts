import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArtifactId, ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import type { AppEnv } from '../http/serve.ts'
import { projects } from '../projects/table.ts'
import { openTestDatabase } from '../testing/database.ts'
import { artifactRoutes } from './routes.ts'
import { createArtifacts } from './service.ts'
import type { Artifacts } from './service.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('artifacts on %s', (kind) => {
  let database: Database
  let artifacts: Artifacts
  const [harbour, lighthouse] = [newId<ProjectId>('prj'), newId<ProjectId>('prj')]

  beforeAll(async () => {
    database = await openTestDatabase(kind)
    artifacts = createArtifacts({ database, clock: systemClock })
    const ada = newId<UserId>('usr')
    await database.db.insert(users).values({ id: ada, email: 'ada@example.com', name: 'Ada', passwordHash: '', admin: true, createdAt: 1 })
    for (const id of [harbour, lighthouse])
      await database.db.insert(projects).values({ id, name: 'Harbour', createdBy: ada, createdAt: 1, updatedAt: 1 })
  })
  afterAll(() => database.close())

  const bytesOf = async (id: ArtifactId) => Buffer.from(await new Response((await artifacts.read(harbour, id)).body).arrayBuffer())

  test('come back as they were kept, also large, small and empty ones', async () => {
    for (const size of [0, 1, 256 * 1024, 700_001]) {
      const data = randomBytes(size)
      const id = await artifacts.keep(harbour, 'output.txt', 'text/plain', data)
      expect((await bytesOf(id)).equals(data)).toBe(true)
      expect(await artifacts.read(harbour, id)).toMatchObject({ id, name: 'output.txt', size })
    }
  })

  test('belong to one project, and are bounded', async () => {
    const id = await artifacts.keep(harbour, 'a', 'text/plain', new Uint8Array(3))
    await expect(artifacts.read(lighthouse, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(artifacts.read(harbour, newId<ArtifactId>('art'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(artifacts.keep(harbour, 'a', 'text/plain', new Uint8Array(21 * 1024 * 1024))).rejects.toMatchObject({ code: 'too_large' })
  })

  test('of all projects that one person made have so much room together', async () => {
    const [one, other, third] = [newId<ProjectId>('prj'), newId<ProjectId>('prj'), newId<ProjectId>('prj')]
    const [mei, tomas] = [newId<UserId>('usr'), newId<UserId>('usr')]
    for (const id of [mei, tomas])
      await database.db.insert(users).values({ id, email: `${id}@example.com`, name: 'Mei', passwordHash: '', admin: false, createdAt: 1 })
    for (const [id, createdBy] of [
      [one, mei],
      [other, mei],
      [third, tomas],
    ] as const)
      await database.db.insert(projects).values({ id, name: 'Harbour', createdBy, createdAt: 1, updatedAt: 1 })
    const small = createArtifacts({ database, clock: systemClock, maxBytes: 10 })
    await small.keep(one, 'a', 'text/plain', new Uint8Array(6))
    await expect(small.keep(other, 'b', 'text/plain', new Uint8Array(5))).rejects.toMatchObject({ code: 'too_large' })
    await small.keep(other, 'b', 'text/plain', new Uint8Array(4))
    await small.keep(third, 'c', 'text/plain', new Uint8Array(10))
  })

  test('are downloads that cannot run in a browser', async () => {
    const app = new Hono<AppEnv>()
    artifactRoutes(app, async () => ({}), artifacts)
    const get = async (name: string, mime: string) => {
      const id = await artifacts.keep(harbour, name, mime, Buffer.from('<script>alert(1)</script>'))
      return app.request(`/api/projects/${harbour}/artifacts/${id}`)
    }
    const drawing = await get('chart.svg', 'image/svg+xml')
    expect(drawing.headers.get('content-type')).toBe('image/svg+xml')
    expect(drawing.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*; sandbox$/)
    const page = await get('a"b\r\nc é.html', 'text/html')
    expect(page.status).toBe(200)
    expect(await page.text()).toBe('<script>alert(1)</script>')
    expect(page.headers.get('content-type')).toBe('application/octet-stream')
    expect(page.headers.get('content-disposition')).toBe(`attachment; filename="a_b__c _.html"; filename*=UTF-8''a%22b%0D%0Ac%20%C3%A9.html`)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await get('output.txt', 'text/plain; charset=utf-8')).headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })
})
