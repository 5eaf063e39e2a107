import { expect, test } from 'vitest'
import type { UserId } from '#shared/base/ids.ts'
import { nameOfErased } from '#shared/people/erased.ts'
import { forgetName } from './names.ts'

const mei = 'usr_mei' as UserId
const forget = (value: unknown, ...names: string[]) => forgetName(value, { userId: mei, names: new Set(names) })
const author = (id: string, name: string) => ({ kind: 'user', id, name })

test('the name goes wherever it stands beside the id, also an older one, and ids stay', () => {
  const item = {
    type: 'approval',
    approval: {
      requestedBy: { agentId: 'builder', agentName: 'Builder', causedBy: mei, causedByName: 'Mei' },
      votes: [
        { by: mei, name: 'Mei Lin', decision: 'approve', key: "Mei's laptop" },
        { by: 'usr_ada', name: 'Ada', decision: 'deny' },
      ],
      editedBy: { id: mei, name: 'Mei', at: 1 },
      notes: [{ kind: 'nudged', by: 'usr_ada', name: 'Ada', to: mei, toName: 'Mei' }],
    },
  }
  const after = forget(item)
  expect(JSON.stringify(after)).not.toContain('Mei')
  expect(JSON.stringify(after).split(mei)).toHaveLength(5)
  expect(JSON.stringify(after)).toContain('Ada')
  expect(after).toMatchObject({ approval: { votes: [{ by: mei, name: nameOfErased }, { name: 'Ada' }] } })
})

test.each([
  [{ event: 'run_started', text: 'Mei started Builder.', by: author(mei, 'Mei') }, 'Somebody who left started Builder.'],
  [
    { event: 'control_given', text: 'Ada handed the desktop to Mei.', by: author('usr_ada', 'Ada'), detail: { other: 'Mei' } },
    'to Somebody who left.',
  ],
  [{ type: 'tool_call', error: { code: 'stopped', message: 'Mei stopped it.' } }, 'Somebody who left stopped it.'],
  [{ kind: 'edited', by: 'usr_ada', name: 'Ada', cleared: ['Mei', 'Tomás'] }, '["Somebody who left","Tomás"]'],
])('what the server said with the name says it no more: %j', (value, said) => {
  const after = JSON.stringify(forget(value, 'Mei'))
  expect(after).toContain(said)
  expect(after).not.toContain('Mei')
})

test('what people, programs and models wrote stays, and so does who has a name like it', () => {
  const item = {
    type: 'message',
    author: author('usr_ada', 'Ada'),
    text: 'Mei, look at this',
    args: { id: mei, name: 'Mei' },
    output: 'Mei stopped it.',
    error: { code: 'x', message: 'no Mei here' },
  }
  expect(forget(item, 'Mei')).toBe(item)
  expect(forget({ event: 'x', text: 'Meike paused Builder.', by: author('usr_meike', 'Meike') }, 'Mei')).toMatchObject({
    text: 'Meike paused Builder.',
  })
  expect(forget({ type: 'message', author: author(mei, 'Mei'), text: 'I am Mei' })).toMatchObject({
    author: { name: nameOfErased },
    text: 'I am Mei',
  })
})

test('of a conflict, who wrote its sides is forgotten and their texts stay', () => {
  const after = forget({ base: 'Mei', mine: { text: 'Mei', authors: [author(mei, 'Mei')] }, disk: { text: 'x', authors: [] } })
  expect(after).toEqual({ base: 'Mei', mine: { text: 'Mei', authors: [author(mei, nameOfErased)] }, disk: { text: 'x', authors: [] } })
})
