import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SavedState } from './saved.ts'
import { createStore } from '../ui/store.ts'
import type { Sync } from './sync.ts'
import { useConnection, useLiveNow } from './use-connected.ts'
import { SyncContext } from './use-document.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const within = (saved: Sync['saved']) => ({
  wrapper: ({ children }: { children: ReactNode }) => <SyncContext value={{ saved } as Sync}>{children}</SyncContext>,
})
const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms))

test('a clock of something live stands still without a connection, and is right at once when it is back', () => {
  const saved = createStore<SavedState>({ status: 'saved' })
  const { result } = renderHook(() => useLiveNow(1000), within(saved))
  pass(2000)
  expect(result.current).toBe(1_002_000)
  act(() => saved.set({ status: 'reconnecting', changes: 0 }))
  pass(30_000)
  expect(result.current).toBe(1_002_000)
  act(() => saved.set({ status: 'saved' }))
  expect(result.current).toBe(1_032_000)
  pass(1000)
  expect(result.current).toBe(1_033_000)
})

test('it says why nothing is live; a page with nothing shared open counts as connected', () => {
  const saved = createStore<SavedState>({ status: 'connecting' })
  const { result } = renderHook(() => useConnection(), within(saved))
  expect(result.current).toBe('connected')
  act(() => saved.set({ status: 'offline', changes: 2 }))
  expect(result.current).toBe('offline')
  act(() => saved.set({ status: 'reconnecting', changes: 0 }))
  expect(result.current).toBe('reconnecting')
})
