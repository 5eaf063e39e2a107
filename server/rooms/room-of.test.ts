import { expect, test } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import { apiCalls } from '#shared/wire/api.ts'
import type { Call } from '#shared/wire/call.ts'
import { createRoomOf } from './room-of.ts'

const roomOf = createRoomOf(apiCalls)
const [project, session, run, approval] = [newId('prj'), newId('ses'), newId('run'), newId('apr')]

test.each<[string, unknown]>([
  [`/api/projects/${project}`, { resource: 'project', id: project }],
  [`/api/projects/${project}/files/a%2Fb?x=1`, { resource: 'project', id: project }],
  [`/api/projects/${project}/terminals/trm_1`, { resource: 'project', id: project }],
  [`/api/sessions/${session}/messages`, { resource: 'session', id: session }],
  [`/api/runs/${run}/cancel`, { resource: 'run', id: run }],
  [`/api/approvals/${approval}/decision`, { resource: 'approval', id: approval }],
  [`/yjs/board/${project}`, { resource: 'project', id: project }],
  [`/yjs/board%2F${project}`, { resource: 'project', id: project }],
  [`/yjs/session/${session}?token=sk_x`, { resource: 'session', id: session }],
  [`/yjs/file/${project}/docs/a%20b.md`, { resource: 'project', id: project }],
  ['/yjs/nothing', undefined],
  ['/api/projects', undefined],
  ['/api/projects/none', undefined],
  ['/api/projects/%E0%A4%A', undefined],
  ['/api/me', undefined],
  ['/assets/index.js', undefined],
  ['', undefined],
])('%s', (url, wanted) => {
  expect(roomOf(url)).toEqual(wanted)
})

test('every call for members names its room', () => {
  const member = apiCalls.filter(({ access }) => access.kind === 'member')
  expect(member.length).toBeGreaterThan(50)
  for (const { path, access } of member) {
    const resource = access.kind === 'member' ? access.resource : 'project'
    const id = { project, session, run, approval }[resource]
    expect(roomOf(path.replace(':id', id).replaceAll(/:\w+|\*/g, 'x')), path).toEqual({ resource, id })
  }
})

test('a call whose room could not be found does not come up', () => {
  const one = apiCalls.find(({ access }) => access.kind === 'member') as Call
  expect(() => createRoomOf([{ ...one, path: '/api/rooms-of/:project' }])).toThrow('does not name')
})
