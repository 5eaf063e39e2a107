import { act, render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Reading } from '#shared/presence/schema.ts'
import { createStore, type Store } from '../ui/store.ts'
import { ada, builder, ids, mei } from '../testing.tsx'
import { PresenceContext, presenceOf } from '../sync/use-presence.ts'
import { Follow, nextToFollow, type Followed } from './follow.tsx'
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

const agents = [{ id: builder.id, name: 'Builder', model: 'demo', demo: true }]

function View({
  awareness,
  go,
  theirs,
  first = mei.id,
}: {
  awareness: Awareness
  go: (place: object) => void
  theirs?: Store<Reading | undefined>
  first?: Followed
}) {
  const [following, follow] = useState<Followed | null>(first)
  const [shown] = useState(() => ({ session: new Y.Doc(), project: new Y.Doc(), theirs: theirs ?? createStore<Reading | undefined>(undefined) }))
  return (
    <PresenceContext value={{ awareness, selfId: ids.ada }}>
      <textarea aria-label="Message" defaultValue="" />
      <Follow following={following} onFollow={follow} go={go} sessionId={ids.session} agents={agents} sessions={[]} {...shown} />
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
  expect((await screen.findByRole('status')).textContent).toContain('Following Mei')
  meiIs({ place: { tab: 'python' } })
  expect(go).toHaveBeenLastCalledWith({ tab: 'python' })
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

test('what Mei reads is told to Ada while she follows, of the session that is open, and nobody’s mark is drawn again', async () => {
  const { awareness, meiIs } = room()
  const theirs = createStore<Reading | undefined>(undefined)
  const reads = (reading: unknown, sessionId: string = ids.session) => meiIs({ place: { sessionId, tab: 'files', reading } })
  reads({ item: ids.item(4), at: 0.5 })
  const go = vi.fn<(place: object) => void>()
  render(<View awareness={awareness} go={go} theirs={theirs} />)
  await screen.findByRole('status')
  expect(theirs.get()).toEqual({ item: ids.item(4), at: 0.5 })
  const told = vi.fn<() => void>()
  const stop = presenceOf(awareness, ids.ada).subscribe(told)
  go.mockClear()
  reads({ item: ids.item(5), at: 0 })
  expect(theirs.get()).toEqual({ item: ids.item(5), at: 0 })
  reads('end')
  expect(theirs.get()).toBe('end')
  expect([told.mock.calls.length, go.mock.calls.length]).toEqual([0, 0])
  reads({ item: ids.item(5), at: 0 }, ids.session.replace(/.$/, '9'))
  expect(theirs.get()).toBeUndefined()
  reads('end')
  await userEvent.setup().keyboard('h')
  expect(theirs.get()).toBeUndefined()
  stop()
})

test('Ada follows the agent: to the end of what it says, until she does something herself', async () => {
  const { awareness } = room()
  const theirs = createStore<Reading | undefined>(undefined)
  render(<View awareness={awareness} go={() => {}} theirs={theirs} first={builder.id} />)
  expect((await screen.findByRole('status')).textContent).toContain('Following Builder')
  expect(theirs.get()).toBe('end')
  await userEvent.setup().keyboard('h')
  expect(screen.getByText('alone')).toBeDefined()
  expect(theirs.get()).toBeUndefined()
})

test('F goes round the others, from the one after the last', () => {
  expect(nextToFollow(['mei', 'tomas', 'builder'], null)).toBe('mei')
  expect(nextToFollow(['mei', 'tomas', 'builder'], 'mei')).toBe('tomas')
  expect(nextToFollow(['mei', 'tomas', 'builder'], 'builder')).toBe('mei')
  expect(nextToFollow(['mei'], 'who left')).toBe('mei')
  expect(nextToFollow([], null)).toBeUndefined()
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
  const onFollow = vi.fn<(id: Followed | null) => void>()
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
