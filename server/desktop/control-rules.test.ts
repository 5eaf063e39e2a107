import { expect, test } from 'vitest'
import type { AgentId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { noControl } from '#shared/desktop/schema.ts'
import type { Controller, ControlCommand, DesktopControl } from '#shared/desktop/schema.ts'
import type { Role } from '#shared/projects/schema.ts'
import { applyCommand, dropController, expireControl, receiverOf, refusedBy, requestControl } from './control-rules.ts'

const times = { idle: 60_000, still: 15_000 }
const person = (name: string): Controller => ({ kind: 'user', id: newId<UserId>('usr'), name })
const [ada, mei, tomas] = [person('Ada'), person('Mei'), person('Tomás')]
const builder: Controller = {
  kind: 'agent',
  id: 'builder' as AgentId,
  name: 'Builder',
  runId: newId<RunId>('run'),
  sessionId: newId<SessionId>('ses'),
}
const roles = new Map<Controller, Role>([
  [ada, 'owner'],
  [mei, 'editor'],
  [tomas, 'editor'],
])

const act = (control: DesktopControl, who: Controller, action: ControlCommand['action'], now: number, to?: Controller) =>
  applyCommand(control, { who, role: roles.get(who) ?? 'editor' }, { action } as ControlCommand, to, now, times)
const meis = act(noControl, mei, 'request', 1_000)

test("nobody's control is had at once, somebody's is asked for", () => {
  expect(meis).toMatchObject({ holder: mei, since: 1_000, idleAt: 61_000 })
  const asked = act(act(meis, tomas, 'request', 2_000), ada, 'request', 3_000)
  expect(asked).toMatchObject({ holder: mei, requests: [{ by: tomas, at: 2_000 }, { by: ada }] })
  expect(act(asked, tomas, 'request', 4_000)).toBe(asked)
  expect(act(asked, tomas, 'cancel', 4_000).requests.map(({ by }) => by)).toEqual([ada])
  expect(act(asked, mei, 'grant', 5_000)).toMatchObject({ holder: tomas, requests: [{ by: ada }] })
  expect(act(asked, mei, 'grant', 5_000, ada)).toMatchObject({ holder: ada, requests: [{ by: tomas }] })
  expect(act(asked, mei, 'deny', 5_000, ada)).toMatchObject({ holder: mei, requests: [{ by: tomas }] })
})

test('only who has it can give it', () => {
  for (const action of ['grant', 'deny', 'release', 'hand_back'] as const) expect(() => act(meis, tomas, action, 2_000)).toThrow('Mei has control')
  expect(() => act(noControl, mei, 'release', 2_000)).toThrow('Nobody has control')
  expect(() => act(meis, mei, 'grant', 2_000)).toThrow('Nobody has asked')
  expect(() => act(meis, mei, 'hand_back', 2_000)).toThrow('did not take')
})

test('owners take it at once, editors from a person who is still or from an agent', () => {
  expect(act(meis, ada, 'take_over', 1_001)).toMatchObject({ holder: ada, takenFrom: mei })
  expect(() => act(meis, tomas, 'take_over', 15_999)).toThrow('after 1 s')
  expect(act(meis, tomas, 'take_over', 16_000)).toMatchObject({ holder: tomas, takenFrom: mei })
  const builders = requestControl(noControl, builder, 1_000, times)
  const taken = act(builders, mei, 'take_over', 1_001)
  expect(taken).toMatchObject({ holder: mei, takenFrom: builder })
  expect(act(taken, mei, 'hand_back', 2_000)).toMatchObject({ holder: builder, takenFrom: null })
})

test('whoever does nothing for a minute loses it to who asked first', () => {
  expect(expireControl(meis, 60_999, times)).toBe(meis)
  expect(expireControl(meis, 61_000, times)).toMatchObject({ holder: null, idleAt: null })
  const asked = requestControl(act(meis, tomas, 'request', 2_000), builder, 3_000, times)
  expect(expireControl(asked, 61_000, times)).toMatchObject({ holder: tomas, requests: [{ by: builder }] })
})

test('who is gone holds nothing, asks for nothing, and gets nothing back', () => {
  const id = mei.id as UserId
  const asked = requestControl(meis, builder, 2_000, times)
  expect(dropController(asked, { userId: id }, 3_000)).toMatchObject({ holder: builder, requests: [] })
  const taken = act(meis, ada, 'take_over', 2_000)
  expect(dropController(taken, { userId: id }, 3_000)).toMatchObject({ holder: ada, takenFrom: null })
  const runId = builder.kind === 'agent' ? builder.runId : undefined
  expect(runId && dropController(asked, { runId }, 3_000)).toMatchObject({ holder: mei, requests: [] })
  expect(runId && dropController(meis, { runId }, 3_000)).toBe(meis)
})

test.each<{ action: ControlCommand['action']; to?: Controller; gets?: Controller; refused?: Controller }>([
  { action: 'grant', gets: builder },
  { action: 'grant', to: ada, gets: ada },
  { action: 'hand_back', gets: tomas },
  { action: 'deny', refused: builder },
  { action: 'deny', to: ada, refused: ada },
  { action: 'release' },
  { action: 'take_over' },
])('$action: who is to get control, and whose request is refused', ({ action, to, gets, refused }) => {
  const control = requestControl({ ...meis, takenFrom: tomas }, builder, 2_000, times)
  const command = { action } as ControlCommand
  expect([receiverOf(control, command, to), refusedBy(control, command, to)]).toEqual([gets, refused])
})
