import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApprovalId, ProjectId, RunId, SessionId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { scopeFor } from '#shared/auth/scopes.ts'
import type { KeyScope } from '#shared/auth/scopes.ts'
import { can } from '#shared/projects/roles.ts'
import type { ProjectRights, Role } from '#shared/projects/schema.ts'
import { apiCalls } from '#shared/wire/api.ts'
import type { Call } from '#shared/wire/call.ts'
import { approvals } from '../approvals/table.ts'
import { members, projects } from '../projects/table.ts'
import { runs } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'
import { cookieOf, send, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { isUnsafe } from './origin.ts'

/*
 * Who may do what, tried over HTTP for every call and every kind of person. What should happen is read from the calls'
 * own rules, so that a call that is added is in the matrix at once.
 */
const roles = ['anonymous', 'stranger', 'viewer', 'editor', 'owner', 'admin'] as const
type Who = (typeof roles)[number]
type Outcome = 'may' | 'unauthenticated' | 'forbidden' | 'not_found'

let server: TestServer
let people: Record<Exclude<Who, 'anonymous'>, TestPerson>

beforeAll(async () => {
  server = await startTestServer()
  const person = (name: string) => signUp(server.url, { name, email: `${name.toLowerCase()}@example.org` })
  // The first account is the admin, who is a member of nothing here.
  const admin = await person('Ada')
  people = { admin, stranger: await person('Noor'), viewer: await person('Tomas'), editor: await person('Mei'), owner: await person('Iris') }
})
afterAll(() => server.stop())

function expected({ access, name }: Call, who: Who, rights?: ProjectRights): Outcome {
  if (access.kind === 'public') return 'may'
  if (who === 'anonymous') return 'unauthenticated'
  if (access.kind === 'account') return 'may'
  if (access.kind === 'admin') return who === 'admin' ? 'may' : 'forbidden'
  if (who === 'stranger' || who === 'admin') return 'not_found'
  // The call is there for leaving, too: everybody may remove themselves, and the matrix tries to remove somebody else.
  if (name === 'removeMember') return who === 'owner' ? 'may' : 'forbidden'
  return can(who, access.action, rights) ? 'may' : 'forbidden'
}

/** A project of its own for each cell: some calls leave nothing behind. */
async function makeRoom(rights?: ProjectRights): Promise<Record<'project' | 'session' | 'run' | 'approval', string>> {
  const { db } = server.parts.database
  const ids = {
    project: newId<ProjectId>('prj'),
    session: newId<SessionId>('ses'),
    run: newId<RunId>('run'),
    approval: newId<ApprovalId>('apr'),
  }
  const createdBy = people.owner.id
  const times = { createdAt: 1, updatedAt: 1 }
  await db.insert(projects).values({ id: ids.project, name: 'Garden', createdBy, ...times, ...rights })
  const joined = (['viewer', 'editor', 'owner'] satisfies Role[]).map((role) => ({
    projectId: ids.project,
    userId: people[role].id,
    role,
    joinedAt: 1,
  }))
  await db.insert(members).values(joined)
  await db.insert(sessions).values({ id: ids.session, projectId: ids.project, title: 'Talk', createdBy, ...times })
  const place = { projectId: ids.project, sessionId: ids.session }
  await db.insert(runs).values({
    ...place,
    id: ids.run,
    agentId: 'builder' as never,
    agentName: 'Builder',
    causedBy: createdBy,
    status: 'completed',
    createdAt: 1,
    endedAt: 1,
  })
  await db.insert(approvals).values({
    ...place,
    id: ids.approval,
    runId: ids.run,
    stepId: newId<StepId>('stp'),
    status: 'expired',
    data: {} as never,
    createdAt: 1,
    decidedAt: 1,
  })
  return ids
}

const prefixes: Record<string, string> = {
  userId: 'usr',
  inviteId: 'inv',
  itemId: 'itm',
  keyId: 'key',
  ruleId: 'rul',
  stepId: 'stp',
  artifactId: 'art',
  conflictId: 'cfl',
}

function addressOf({ access, path }: Call, room: Awaited<ReturnType<typeof makeRoom>>): string {
  const own = access.kind === 'member' ? room[access.resource] : room.project
  return path.replace(/\*$/, 'notes.md').replaceAll(/:(\w+)/g, (_, name: string) => {
    if (name === 'id') return own
    return name === 'token' ? 'no-such-token' : newId(prefixes[name] ?? name)
  })
}

/** The rights are decided before the body is read: an empty one asks nothing of the call itself. */
async function attempt(call: Call, who: Who, headers: Record<string, string> = {}, rights?: ProjectRights): Promise<string> {
  const address = addressOf(call, await makeRoom(rights))
  const cookie: Record<string, string> = who === 'anonymous' ? {} : { cookie: people[who].cookie }
  const aborting = new AbortController()
  const answer = await fetch(server.url + address, { method: call.method, headers: { ...cookie, ...headers }, signal: aborting.signal })
  const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const text = isEndless ? '' : await answer.text()
  aborting.abort()
  if (call.name === 'signOut' && who !== 'anonymous' && answer.ok) await signInAgain(people[who])
  const { code, message } =
    answer.status >= 400 ? (JSON.parse(text) as { error: { code: string; message: string } }).error : { code: '', message: '' }
  if (code === 'method_not_allowed' || message === 'There is nothing at this address.') return `is not served: ${code}`
  // What the call itself does not find is another matter than a project that is none of one's business.
  if (code === 'not_found' && !message.includes('you are not a member')) return 'may'
  return code === 'unauthenticated' || code === 'forbidden' || code === 'not_found' || code === 'wrong_origin' || code === 'internal' ? code : 'may'
}

async function signInAgain(person: TestPerson): Promise<void> {
  const answer = await send(server.url, '/api/auth/sign-in', { method: 'POST', body: { email: person.email, password: person.password } })
  const cookie = cookieOf(answer)
  person.cookie = cookie
}

test('every call does for every kind of person what its rule says', async () => {
  const wrong: string[] = []
  let cells = 0
  for (const call of apiCalls) {
    for (const who of roles) {
      cells += 1
      const got = await attempt(call, who)
      const want = expected(call, who)
      if (got !== want) wrong.push(`${call.method} ${call.path} as ${who}: ${got}, not ${want}`)
    }
  }
  expect(wrong).toEqual([])
  expect(cells).toBe(apiCalls.length * roles.length)
  process.stdout.write(`matrix: ${apiCalls.length} calls × ${roles.length} kinds of people = ${cells} cells, ${wrong.length} wrong\n`)
})

test('where viewers may write, they may send messages, and nothing else is theirs', async () => {
  const rights = { viewersMayWrite: true }
  const wrong: string[] = []
  for (const call of apiCalls) {
    const got = await attempt(call, 'viewer', {}, rights)
    const want = expected(call, 'viewer', rights)
    if (got !== want) wrong.push(`${call.method} ${call.path}: ${got}, not ${want}`)
  }
  expect(wrong).toEqual([])
  const gained = apiCalls.filter((call) => expected(call, 'viewer', rights) !== expected(call, 'viewer'))
  expect(gained.map(({ name }) => name)).toEqual(['sendMessage'])
})

/** Every set of scopes that a key can have. */
const scopeSets: KeyScope[][] = [
  ['read'],
  ['write'],
  ['decide'],
  ['read', 'write'],
  ['read', 'decide'],
  ['write', 'decide'],
  ['read', 'write', 'decide'],
]

test('every call does for a key of every set of scopes what its scope says, and never more than for its owner', async () => {
  const wrong: string[] = []
  for (const who of ['owner', 'viewer'] as const) {
    for (const scopes of scopeSets) {
      // Earlier tests signed them out and in again.
      const { cookie } = people[who]
      const made = await send(server.url, '/api/keys', { method: 'POST', body: { name: scopes.join(' '), scopes }, headers: { cookie } })
      const { secret } = (await made.json()) as { secret: string }
      const bearer = { authorization: `Bearer ${secret}` }
      for (const call of apiCalls) {
        const scope = scopeFor(call)
        const may = scope === undefined || (scope !== 'person' && scopes.includes(scope))
        const want = may ? expected(call, who) : 'forbidden'
        const got = await attempt(call, 'anonymous', bearer)
        if (got !== want) wrong.push(`${call.method} ${call.path} as ${who} with ${scopes.join('+')}: ${got}, not ${want}`)
      }
    }
  }
  expect(wrong).toEqual([])
  process.stdout.write(`keys: ${apiCalls.length} calls × ${scopeSets.length} sets of scopes × 2 roles, ${wrong.length} wrong\n`)
})

test('what decides, and what no key may ever do', () => {
  const named = (wanted: ReturnType<typeof scopeFor>) => apiCalls.filter((call) => scopeFor(call) === wanted).map(({ name }) => name)
  expect(named('decide').toSorted()).toEqual(
    [
      'decideApproval',
      'editApproval',
      'takeBackVote',
      'extendApproval',
      'revokeRule',
      'addMember',
      'updateMember',
      'removeMember',
      'createInvite',
      'revokeInvite',
    ].toSorted(),
  )
  const byAdmin = ['listPeople', 'disablePerson', 'enablePerson', 'resetPassword', 'revokeKeys', 'erasePerson']
  expect(apiCalls.filter(({ access, keys }) => access.kind === 'admin' && keys === 'person').map(({ name }) => name)).toEqual(byAdmin)
  expect(named('person').toSorted()).toEqual(['changePassword', 'createKey', 'deleteKey', 'endOtherSignIns', 'endSignIn', ...byAdmin].toSorted())
  const changing = apiCalls.filter((call) => call.method !== 'GET' && scopeFor(call) === 'read').map(({ name }) => name)
  expect(changing.toSorted()).toEqual(['expandFolders', 'openPreview'])
})

const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]

test('no call that changes anything listens to a foreign page', async () => {
  const unsafe = apiCalls.filter(({ method }) => isUnsafe(method))
  const wrong: string[] = []
  for (const call of unsafe) {
    for (const headers of foreign) {
      const got = await attempt(call, 'owner', headers)
      if (got !== 'wrong_origin') wrong.push(`${call.method} ${call.path} with ${JSON.stringify(headers)}: ${got}`)
    }
  }
  expect(wrong).toEqual([])
  expect(unsafe.length).toBeGreaterThan(20)
})
