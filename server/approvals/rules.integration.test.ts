import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyRule } from '#shared/approvals/schema.ts'
import type { RuleId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ada, join, makeProject, mei, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { policyRules } from './table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('rules of a project on %s', (database) => {
  let server: TestServer
  let owner: TestPerson
  let guest: TestPerson
  beforeAll(async () => {
    server = await startTestServer({ database })
    owner = await signUp(server.url, ada)
    guest = await signUp(server.url, mei)
  })
  afterAll(() => server.stop())

  test('what was always allowed is listed with who allowed it, and asks again once it is revoked', async () => {
    const project = await makeProject(owner)
    const other = await makeProject(owner, 'Shed')
    await join(owner, project.id, guest, 'editor')
    const add = async (tool: string, createdAt: number, projectId = project.id) => {
      const id = newId<RuleId>('rul')
      await server.parts.database.db.insert(policyRules).values({ id, projectId, tool, permission: 'allow', createdBy: owner.id, createdAt })
      return id
    }
    const list = async (person: TestPerson) => (await person.json<{ rules: PolicyRule[] }>('GET', `/api/projects/${project.id}/rules`)).rules
    const revoke = (person: TestPerson, id: RuleId) => person.fetch(`/api/projects/${project.id}/rules/${id}`, { method: 'DELETE' })
    const older = await add('run_command', 1)
    const newer = await add('run_command', 2)
    const python = await add('run_python', 3)
    const foreign = await add('run_command', 4, other.id)
    expect(await list(guest)).toEqual([
      { id: python, tool: 'run_python', permission: 'allow', createdAt: 3, createdBy: { id: owner.id, name: 'Ada' } },
      { id: newer, tool: 'run_command', permission: 'allow', createdAt: 2, createdBy: { id: owner.id, name: 'Ada' } },
    ])
    expect((await revoke(guest, newer)).status).toBe(403)
    expect((await revoke(owner, foreign)).status).toBe(404)
    expect((await revoke(owner, newer)).status).toBe(204)
    expect(await server.parts.approvals.rulesFor(project.id, 'run_command')).toEqual([])
    expect((await list(owner)).map(({ id }) => id)).toEqual([python])
    // A late repetition of an old revocation leaves a newer rule alone.
    await add('run_command', 5)
    expect((await revoke(owner, older)).status).toBe(204)
    expect(await server.parts.approvals.rulesFor(project.id, 'run_command')).toMatchObject([{ effect: 'allow' }])
    expect(await server.parts.approvals.rulesFor(other.id, 'run_command')).toMatchObject([{ effect: 'allow' }])
  })
})
