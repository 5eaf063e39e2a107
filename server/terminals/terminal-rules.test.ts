import { describe, expect, test } from 'vitest'
import type { TerminalId, UserId } from '#shared/base/ids.ts'
import type { Author } from '#shared/sessions/items.ts'
import { terminalLimits } from '#shared/terminals/schema.ts'
import type { Terminal } from '#shared/terminals/schema.ts'
import { begunAgain, ended, isLost, newTerminal, notBegunAgain, typedBy, withName } from './terminal-rules.ts'

const ada: Author = { kind: 'user', id: 'usr_ada' as UserId, name: 'Ada' }
const mei: Author = { kind: 'user', id: 'usr_mei' as UserId, name: 'Mei' }
const id = (text: string) => text as TerminalId

const running = newTerminal({ id: id('work') }, [], ada, 1000)
const titled = (title: string): Terminal => ({ ...running, title })

describe('a new terminal', () => {
  test.each([
    { name: 'the first', given: {}, others: [], title: 'Terminal 1' },
    { name: 'the next free number', given: {}, others: ['Terminal 1', 'Terminal 3'], title: 'Terminal 2' },
    { name: 'as it was called', given: { title: 'Tides' }, others: ['Tides'], title: 'Tides' },
    { name: 'as its id was chosen', given: { id: id('build') }, others: [], title: 'build' },
    { name: 'not as an id that was made', given: { id: id('ter_1') }, others: [], title: 'Terminal 1' },
  ])('is named: $name', ({ given, others, title }) => {
    expect(newTerminal(given, others.map(titled), ada, 1000).title).toBe(title)
  })

  test('has the size that was asked for, or the usual one', () => {
    expect(newTerminal({ cols: 80 }, [], ada, 1000)).toMatchObject({ cols: 80, rows: 30, status: 'running', createdBy: ada, createdAt: 1000 })
  })

  test('is refused when as many run as may; one that has ended does not count', () => {
    const full = Array.from({ length: terminalLimits.perProject }, () => running)
    expect(() => newTerminal({}, full, ada, 1000)).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(newTerminal({}, full.with(0, ended(running, 0)), ada, 1000).status).toBe('running')
  })
})

test.each([
  { name: 'ends', to: ended(running, 3), lost: false, is: { status: 'ended', exitCode: 3 } },
  { name: 'is lost', to: ended(running, null), lost: true, is: { status: 'ended', exitCode: null } },
  { name: 'begins again', to: begunAgain(ended(typedBy(running, mei), null)), lost: false, is: { status: 'running', typist: null, renewed: true } },
  { name: 'does not begin again', to: notBegunAgain(begunAgain(ended(running, null))), lost: true, is: { status: 'ended', renewed: false } },
  { name: 'is typed into', to: typedBy(running, mei), lost: false, is: { typist: mei } },
  { name: 'is typed into by somebody else', to: typedBy(typedBy(running, mei), ada), lost: false, is: { typist: ada } },
])('a terminal $name', ({ to, lost, is }) => {
  expect(to).toMatchObject(is)
  expect(isLost(to)).toBe(lost)
})

test('what changes nothing is the same terminal; nobody types into one that has ended', () => {
  const typed = typedBy(running, mei)
  expect(typedBy(typed, mei)).toBe(typed)
  expect(withName(typed, 'usr_tomas' as UserId, 'Tomás')).toBe(typed)
  expect(() => typedBy(ended(running, 0), mei)).toThrow(expect.objectContaining({ code: 'conflict' }))
})

test('a new name is that of who opened it and of who types', () => {
  const typed = typedBy(running, mei)
  expect(withName(typed, 'usr_mei' as UserId, 'Mei Lin')).toMatchObject({ createdBy: ada, typist: { ...mei, name: 'Mei Lin' } })
  expect(withName(typed, 'usr_ada' as UserId, 'Ada L.')).toMatchObject({ createdBy: { ...ada, name: 'Ada L.' }, typist: mei })
})
