import { act, render, renderHook, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { PresenceContext } from '../sync/use-presence.ts'
import { ids } from '../testing.tsx'
import { TypingLine, useTyping } from './typing.tsx'

const mine = () => new Awareness(new Y.Doc())
let made: Awareness[] = []
const anAwareness = () => {
  const awareness = mine()
  made.push(awareness)
  return awareness
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] }))
afterEach(() => {
  for (const awareness of made) awareness.destroy()
  made = []
  vi.useRealTimers()
})

const typing = (awareness: Awareness) => (awareness.getLocalState() as { typing?: unknown } | null)?.typing ?? null

test('writing is told, and no longer once keys stop, the text is cleared or sent, or the page is hidden', () => {
  const awareness = anAwareness()
  const { result, unmount } = renderHook(() => useTyping(awareness, ids.session))
  const begin = () => {
    act(() => result.current.typed('a'))
    expect(typing(awareness)).toEqual({ sessionId: ids.session })
  }
  begin()
  act(() => void vi.advanceTimersByTime(3100))
  expect(typing(awareness)).toBeNull()
  begin()
  act(() => result.current.typed('  '))
  expect(typing(awareness)).toBeNull()
  begin()
  act(() => result.current.stop())
  expect(typing(awareness)).toBeNull()
  begin()
  const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  act(() => void document.dispatchEvent(new Event('visibilitychange')))
  hidden.mockRestore()
  expect(typing(awareness)).toBeNull()
  begin()
  unmount()
  expect(typing(awareness)).toBeNull()
})

test('whoever is cut off while writing is not shown as writing for long; whoever writes on is', () => {
  const here = anAwareness()
  const there = anAwareness()
  const send = () => {
    act(() => applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [there.clientID]), 'network'))
    // The protocol's own clock is not the test's.
    const meta = here.meta.get(there.clientID)
    if (meta) meta.lastUpdated = Date.now()
  }
  render(
    <PresenceContext value={{ awareness: here, selfId: ids.ada }}>
      <TypingLine sessionId={ids.session} otherwise={<p>nobody</p>} />
    </PresenceContext>,
  )
  there.setLocalState({ user: { id: ids.mei, name: 'Mei' } })
  send()
  const mei = renderHook(() => useTyping(there, ids.session)).result
  for (let second = 0; second < 12; second += 2) {
    act(() => mei.current.typed('on and on'))
    send()
    expect(screen.getByText('Mei is typing')).toBeDefined()
    act(() => void vi.advanceTimersByTime(2000))
  }
  // Nothing more is heard of her.
  act(() => void vi.advanceTimersByTime(9000))
  expect(screen.getByText('nobody')).toBeDefined()
})
