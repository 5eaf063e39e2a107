import { fireEvent, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useRef, useState } from 'react'
import { expect, test, vi } from 'vitest'
import { renderWithQueries } from '../testing.tsx'
import { SoftKeyboard } from './soft-keyboard.tsx'

/** Ada's phone: a button brings up the keyboard, as in the pane. */
function Phone({ sendKey, onLeave }: { sendKey(keysym: number, code: string | null, down?: boolean): void; onLeave(): void }) {
  const [open, setOpen] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  return (
    <>
      <button type="button" onClick={() => field.current?.focus()}>
        Keyboard
      </button>
      <SoftKeyboard keys={{ sendKey }} open={open} field={field} onOpen={setOpen} onLeave={onLeave} />
    </>
  )
}
async function phone() {
  const sendKey = vi.fn<(keysym: number, code: string | null, down?: boolean) => void>()
  const onLeave = vi.fn<() => void>()
  renderWithQueries(<Phone sendKey={sendKey} onLeave={onLeave} />)
  expect(screen.queryByRole('button', { name: 'Escape' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Keyboard' }))
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Type on the desktop' })
  expect(document.activeElement).toBe(field)
  const sent = () => {
    const all = sendKey.mock.calls.map(([keysym, , down]) => (down === undefined ? keysym : `${down ? '+' : '-'}${keysym}`))
    sendKey.mockClear()
    return all
  }
  /** As a touch screen's keyboard does it: no key is told, the field holds something else. */
  const type = (change: (value: string) => string) => fireEvent.input(field, { target: { value: change(field.value) } })
  return { field, sent, type, onLeave }
}
const [control, backspace] = [0xffe3, 0xff08]

test('what the field holds becomes keys, also what is taken back', async () => {
  const { sent, type } = await phone()
  type((value) => `${value}l`)
  type((value) => `${value}s`)
  expect(sent()).toEqual([0x6c, 0x73])
  type((value) => value.slice(0, -1))
  expect(sent()).toEqual([backspace])
  // More than was ever typed: the field always has something to take back.
  for (let at = 0; at < 200; at++) type((value) => value.slice(0, -1))
  expect(sent()).toHaveLength(200)
})

test('keys that are told are sent as keys, with what is held; those that phones lack have buttons', async () => {
  const { field, sent, type } = await phone()
  fireEvent.keyDown(field, { key: 'Enter' })
  fireEvent.keyDown(field, { key: 'Unidentified' })
  expect(sent()).toEqual([0xff0d])
  await userEvent.click(screen.getByRole('button', { name: 'Ctrl' }))
  expect(screen.getByRole('button', { name: 'Ctrl' }).getAttribute('aria-pressed')).toBe('true')
  type((value) => `${value}c`)
  expect(sent()).toEqual([`+${control}`, 0x63, `-${control}`])
  expect(screen.getByRole('button', { name: 'Ctrl' }).getAttribute('aria-pressed')).toBe('false')
  await userEvent.click(screen.getByRole('button', { name: 'Escape' }))
  expect(sent()).toEqual([0xff1b])
})

test('Ctrl Alt Esc gives the keys back to the page', async () => {
  const { field, sent, onLeave } = await phone()
  fireEvent.keyDown(field, { key: 'Escape', ctrlKey: true, altKey: true })
  expect(onLeave).toHaveBeenCalledOnce()
  expect(sent()).toEqual([])
})
