import { expect, test } from 'vitest'
import type { Terminal } from '../sandboxes/port.ts'
import { createShell } from './shell.ts'

test('keys typed while the terminal takes another size arrive after it, in their order', async () => {
  const done: string[] = []
  const resizing = Promise.withResolvers<void>()
  const pty: Pick<Terminal, 'write' | 'resize'> = {
    async write(data) {
      done.push(String(data))
    },
    async resize({ cols }) {
      await resizing.promise
      done.push(`${cols} columns`)
    },
  }
  const shell = createShell({ cols: 80, rows: 24 })
  shell.attach(pty as Terminal)
  await shell.type('l')
  expect(shell.resize({ cols: 100, rows: 30 })).toBe(true)
  const typed = [shell.type('s'), shell.type('\r')]
  expect(shell.resize({ cols: 100, rows: 30 })).toBe(false)
  resizing.resolve()
  await Promise.all(typed)
  expect(done).toEqual(['l', '100 columns', 's', '\r'])
})
