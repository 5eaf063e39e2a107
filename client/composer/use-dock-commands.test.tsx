import { act, render, screen } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { listenForKeys } from '../base/keys.ts'
import '../testing.tsx'
import { useDockCommands } from './use-dock-commands.ts'

beforeEach(() => listenForKeys())

function Probe({ running = true, interrupt }: { running?: boolean; interrupt(): void }) {
  const armed = useDockCommands({ run: undefined, running, mayControl: true, interrupt, focus: () => undefined, attach: () => undefined })
  return <p>{armed ? 'armed' : 'idle'}</p>
}
const escape = () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }))

test('Esc twice interrupts, however quick; once only warns', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const interrupt = vi.fn<() => void>()
  render(<Probe interrupt={interrupt} />)
  act(() => {
    escape()
    escape()
  })
  expect(interrupt).toHaveBeenCalledTimes(1)
  act(() => void escape())
  expect(screen.getByText('armed')).toBeDefined()
  act(() => void vi.advanceTimersByTime(1600))
  expect(screen.getByText('idle')).toBeDefined()
  act(() => void escape())
  expect(interrupt).toHaveBeenCalledTimes(1)
  vi.useRealTimers()
})

test('with nothing running Esc is left to others', () => {
  const interrupt = vi.fn<() => void>()
  render(<Probe running={false} interrupt={interrupt} />)
  const event = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true })
  act(() => void window.dispatchEvent(event))
  expect(event.defaultPrevented).toBe(false)
})
