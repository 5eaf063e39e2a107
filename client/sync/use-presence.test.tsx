import { act, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ada, ids, mei } from '../testing.tsx'
import { PresenceContext, presenceOf, usePresentPart } from './use-presence.ts'

/** Ada's awareness, in which Mei moves. */
function room() {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ user: { id: ada.id, name: 'Ada' }, active: true })
  const hers = new Awareness(new Y.Doc())
  const meiAt = (tab: string, step = 0) => {
    const selection = { anchor: btoa(`${step}`), head: btoa(`${step}`) }
    hers.setLocalState({ user: { id: mei.id, name: 'Mei' }, active: true, place: { tab, selection } })
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(hers, [hers.clientID]), 'mei')
  }
  return { awareness, meiAt }
}

test('a part that stays the same draws nothing anew, whatever else moves', () => {
  const { awareness, meiAt } = room()
  meiAt('files')
  const drawn = vi.fn<() => void>()
  function Names() {
    const names = usePresentPart((present) => present.map(({ user }) => user.name))
    drawn()
    return <p>{names.join(', ')}</p>
  }
  render(
    <PresenceContext value={{ awareness, selfId: ids.ada }}>
      <Names />
    </PresenceContext>,
  )
  expect(screen.getByText('Ada, Mei')).toBeDefined()
  const before = drawn.mock.calls.length
  act(() => meiAt('terminal'))
  act(() => meiAt('python'))
  expect(drawn.mock.calls.length).toBe(before)
})

test('a few changes are told at once; of many the last one is told a moment later', async () => {
  const { awareness, meiAt } = room()
  const source = presenceOf(awareness, ids.ada)
  const seen: (string | undefined)[] = []
  const stop = source.subscribe(() => seen.push(source.get().find(({ user }) => user.name === 'Mei')?.place?.tab))
  meiAt('files')
  expect(seen).toEqual(['files'])
  for (let at = 0; at < 50; at += 1) meiAt(at % 2 ? 'terminal' : 'python', at)
  meiAt('trace')
  expect(seen.length).toBeLessThan(5)
  await vi.waitFor(() => expect(seen.at(-1)).toBe('trace'))
  expect(seen.length).toBeLessThan(6)
  stop()
})
