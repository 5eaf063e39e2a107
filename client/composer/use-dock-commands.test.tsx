import { act, render, screen } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { offeredCommands } from '../commands/commands.ts'
import { listenForKeys } from '../commands/keys.ts'
import '../testing.tsx'
import { useDockCommands } from './use-dock-commands.ts'

beforeEach(() => listenForKeys())

const nothing = () => undefined

type Given = { running?: boolean; mayWrite?: boolean; interrupt?(): void; setTo?(to: string): void }

function Probe({ running = true, mayWrite = true, interrupt = nothing, setTo = nothing }: Given) {
  const armed = useDockCommands({
    run: undefined,
    running,
    mayControl: true,
    mayWrite,
    mayAsk: mayWrite,
    enterSends: false,
    setEnterSends: nothing,
    interrupt,
    focus: nothing,
    attach: nothing,
    mention: nothing,
    agentName: 'Builder',
    setMode: nothing,
    setTo,
  })
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

test('whom one writes to can be chosen without the pointer, by those who may write', () => {
  const setTo = vi.fn<(to: string) => void>()
  const offered = (label: string) =>
    offeredCommands
      .get()
      .flat()
      .find((one) => one.label === label)
  const { rerender } = render(<Probe setTo={setTo} />)
  offered('Write to people')?.run()
  offered('Write to Builder')?.run()
  expect(setTo.mock.calls).toEqual([['people'], ['agent']])
  expect(offered('While an agent works: Queue')).toBeDefined()
  rerender(<Probe setTo={setTo} mayWrite={false} />)
  expect(offered('Write to people')).toBeUndefined()
})

test('with nothing running Esc is left to others', () => {
  const interrupt = vi.fn<() => void>()
  render(<Probe running={false} interrupt={interrupt} />)
  const event = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true })
  act(() => void window.dispatchEvent(event))
  expect(event.defaultPrevented).toBe(false)
})
