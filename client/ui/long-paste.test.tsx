import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { refuseLongPastes } from './long-paste.ts'

const tell = vi.fn<Parameters<typeof refuseLongPastes>[0]>()
const taken = vi.fn<(text: string) => void>()
let stop: () => void
beforeEach(() => {
  stop = refuseLongPastes(tell)
  tell.mockClear()
  taken.mockClear()
  render(
    <>
      <input aria-label="short" maxLength={10} onPaste={({ clipboardData }) => taken(clipboardData.getData('text/plain'))} />
      <textarea
        aria-label="long"
        maxLength={10}
        defaultValue="12345678"
        onPaste={({ clipboardData }) => taken(clipboardData.getData('text/plain'))}
      />
      <input aria-label="lines" maxLength={10} data-lines={3} onPaste={({ clipboardData }) => taken(clipboardData.getData('text/plain'))} />
      <input aria-label="free" onPaste={({ clipboardData }) => taken(clipboardData.getData('text/plain'))} />
    </>,
  )
})
afterEach(() => {
  stop()
  cleanup()
})

/** @returns whether the browser goes on with it */
const paste = (label: string, text: string) => fireEvent.paste(screen.getByLabelText(label), { clipboardData: { getData: () => text } })
const field = (label: string) => screen.getByLabelText<HTMLTextAreaElement>(label)

test('what a field would cut off is refused whole, and told of', () => {
  expect(paste('short', '12345678901')).toBe(false)
  expect(tell.mock.calls).toEqual([['12345678901', 10, undefined, field('short')]])
  expect(taken).not.toHaveBeenCalled()
})

test('what fits is pasted, and a field without a limit takes all', () => {
  expect([paste('short', '1234567890'), paste('free', 'x'.repeat(3_000_000))]).toEqual([true, true])
  expect(taken).toHaveBeenCalledTimes(2)
  expect(tell).not.toHaveBeenCalled()
})

test('what is selected gives way, and a line break is one character', () => {
  field('long').setSelectionRange(8, 8)
  expect([paste('long', '\r\n\r\n'), paste('long', '123')]).toEqual([true, false])
  field('long').setSelectionRange(0, 8)
  expect(paste('long', '1234567890')).toBe(true)
})

test('where several lines are taken, each has the limit, and there are so many of them', () => {
  expect(paste('lines', '- one\n\n- two\r\n  1234567890  ')).toBe(true)
  expect(paste('lines', 'one\n12345678901')).toBe(false)
  expect(paste('lines', '1\n2\n3\n4')).toBe(false)
  expect(tell.mock.calls.map(([, most, lines]) => [most, lines])).toEqual([
    [10, 3],
    [10, 3],
  ])
  field('lines').value = 'begun '
  expect(paste('lines', '1\n2\n3')).toBe(false)
})

test('once it is stopped nothing is refused', () => {
  stop()
  expect(paste('short', '12345678901')).toBe(true)
})
