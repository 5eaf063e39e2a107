import { act, render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import { ada, ids, mei } from '../testing.tsx'
import { PresenceContext, presenceOf } from '../base/use-presence.ts'
import { Follow, nextToFollow } from './follow.tsx'
import { PeopleHere } from './people-here.tsx'
import { followTraces } from './traces.ts'

/** Ada's view of a room in which Mei is as well. */
function room() {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ user: { id: ada.id, name: 'Ada' }, active: true, place: { tab: 'files' } })
  const hers = new Awareness(new Y.Doc())
  const meiIs = (state: Record<string, unknown> | null) =>
    act(() => {
      if (state === null) removeAwarenessStates(awareness, [hers.clientID], 'left')
      else {
        hers.setLocalState({ user: { id: mei.id, name: 'Mei' }, active: true, ...state })
        applyAwarenessUpdate(awareness, encodeAwarenessUpdate(hers, [hers.clientID]), 'mei')
      }
    })
  return { awareness, meiIs }
}

function View({ awareness, go }: { awareness: Awareness; go: (place: object) => void }) {
  const [following, follow] = useState<UserId | null>(mei.id)
  return (
    <PresenceContext value={{ awareness, selfId: ids.ada }}>
      <textarea aria-label="Message" defaultValue="" />
      <Follow following={following} onFollow={follow} go={go} />
      <p>{following ? 'follows' : 'alone'}</p>
    </PresenceContext>
  )
}

test('Ada goes where Mei goes, keeps her focus, and any input of hers ends it', async () => {
  const { awareness, meiIs } = room()
  meiIs({ place: { tab: 'files' } })
  const go = vi.fn<(place: object) => void>()
  const user = userEvent.setup()
  render(<View awareness={awareness} go={go} />)
  screen.getByRole('textbox').focus()
  meiIs({ place: { tab: 'python' } })
  expect(go).toHaveBeenLastCalledWith({ tab: 'python' })
  expect(screen.getByRole('status').textContent).toContain('Following Mei')
  expect(document.activeElement).toBe(screen.getByRole('textbox'))
  await user.keyboard('h')
  expect(screen.getByText('alone')).toBeDefined()
  expect(screen.queryByRole('status')).toBeNull()
  meiIs({ place: { tab: 'trace' } })
  expect(go).not.toHaveBeenLastCalledWith({ tab: 'trace' })
})

test('when Mei leaves, Ada follows nobody', async () => {
  const { awareness, meiIs } = room()
  meiIs({ place: { tab: 'files' } })
  render(<View awareness={awareness} go={() => {}} />)
  meiIs(null)
  await waitFor(() => expect(screen.getByText('alone')).toBeDefined())
})

test('a pointer and a selection that move render nobody’s place again', async () => {
  const { awareness, meiIs } = room()
  meiIs({ place: { tab: 'desktop' } })
  const source = presenceOf(awareness, ids.ada)
  const told = vi.fn<() => void>()
  const stop = source.subscribe(told)
  const before = source.get()
  for (let x = 0; x < 50; x += 1) meiIs({ place: { tab: 'desktop', selection: { anchor: `a${x}`, head: 'b' } }, pointer: { x, y: 1 } })
  expect(told).not.toHaveBeenCalled()
  expect(source.get()).toBe(before)
  meiIs({ place: { tab: 'files' } })
  await waitFor(() => expect(told).toHaveBeenCalledTimes(1))
  stop()
})

test('F goes round those who are at their pages', () => {
  const person = (id: string, active = true) => ({ user: { id: id as UserId, name: id }, active, place: {}, self: id === 'ada' })
  const present = [person('ada'), person('jonas', false), person('mei'), person('tomas')]
  expect(nextToFollow(present, null)).toBe('mei')
  expect(nextToFollow(present, 'mei' as UserId)).toBe('tomas')
  expect(nextToFollow(present, 'tomas' as UserId)).toBe('mei')
  expect(nextToFollow([person('ada')], null)).toBeUndefined()
})

test('where Mei was when she left stays marked until she is back', () => {
  const { awareness, meiIs } = room()
  meiIs({ place: { tab: 'preview' } })
  const traces = followTraces(presenceOf(awareness, ids.ada))
  const stop = traces.subscribe(() => {})
  meiIs(null)
  expect(traces.get().map(({ user, place }) => [user.name, place.tab])).toEqual([['Mei', 'preview']])
  meiIs({ place: { tab: 'files' } })
  expect(traces.get()).toEqual([])
  stop()
})

test('the list names everybody; a press shows where somebody is', async () => {
  const { awareness, meiIs } = room()
  meiIs({ place: { tab: 'files', file: 'src/regions.ts' } })
  const onFollow = vi.fn<(id: UserId | null) => void>()
  const user = userEvent.setup()
  render(
    <PresenceContext value={{ awareness, selfId: ids.ada }}>
      <PeopleHere agents={[]} following={null} onFollow={onFollow} onMention={undefined} most={6} />
    </PresenceContext>,
  )
  expect(screen.getByRole('list', { name: 'People here' }).textContent).toContain('Mei')
  await user.click(screen.getByRole('button', { name: 'Mei' }))
  expect(await screen.findByText('src/regions.ts')).toBeDefined()
  await user.click(screen.getByRole('button', { name: /^Follow/ }))
  expect(onFollow).toHaveBeenCalledWith(mei.id)
})
