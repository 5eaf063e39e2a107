import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { RunState } from '#shared/runs/schema.ts'
import { clearStored } from '../offline/stored.ts'
import '../testing.tsx'
import { useMode } from './use-mode.ts'

beforeEach(() => clearStored(() => false))

const aRun = (id: string) => ({ id }) as RunState

test('an interruption is for one message; steering follows it', () => {
  const { result } = renderHook(() => useMode(aRun('run_1')))
  expect(result.current.mode).toBe('steer')
  act(() => result.current.setMode('queue'))
  act(() => result.current.setMode('interrupt'))
  expect(result.current.mode).toBe('interrupt')
  act(() => result.current.used('interrupt'))
  expect(result.current.mode).toBe('steer')
})

test('queueing stays, also over a reload; an interruption stays with neither the page nor the run', () => {
  const { result, rerender, unmount } = renderHook(({ run }) => useMode(run), { initialProps: { run: aRun('run_1') } })
  act(() => result.current.setMode('interrupt'))
  rerender({ run: aRun('run_2') })
  expect(result.current.mode).toBe('steer')
  act(() => result.current.setMode('queue'))
  unmount()
  expect(renderHook(() => useMode(aRun('run_2'))).result.current.mode).toBe('queue')
})
