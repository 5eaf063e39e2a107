import { expect, test } from 'vitest'
import { slashCandidates } from './slash.ts'
import { bestOf, fits, take, triggerAt, type Candidate } from './suggest.ts'
import { freeName, nameFor } from './send-attachments.ts'

test('an @ after a gap and a / at the very start ask for a list', () => {
  expect(triggerAt('hi @me', 6)).toEqual({ kind: 'mention', from: 3, typed: 'me' })
  expect(triggerAt('@', 1)).toEqual({ kind: 'mention', from: 0, typed: '' })
  expect(triggerAt('/pl', 3)).toEqual({ kind: 'command', from: 0, typed: 'pl' })
  expect(triggerAt('/model gpt-4.1 m', 16)).toEqual({ kind: 'command', from: 0, typed: 'model gpt-4.1 m' })
  for (const [text, caret] of [
    ['/model a\nb', 10],
    ['/models a', 9],
    ['ada@example', 11],
    ['a /pl', 5],
    ['@me ', 4],
    ['/plan now', 9],
    ['`@x', 3],
  ] as const)
    expect(triggerAt(text, caret), text).toBeUndefined()
})

test('letters in a row and at the start of a name fit best', () => {
  const file = (label: string): Candidate => ({ id: label, kind: 'file', label, insert: label })
  const paths = ['docs/regions-old.md', 'src/regions.ts', 'src/render.ts', 'r/e/g.ts'].map(file)
  expect(bestOf(paths, 'reg').map((one) => one.label)[0]).toBe('src/regions.ts')
  expect(fits('src/regions.ts', 'xyz')).toBeUndefined()
})

test('what is taken stands in place of what was typed, and the caret after it or where it is marked', () => {
  expect(take('ask @me now', 7, { kind: 'mention', from: 4, typed: 'me' }, '@Mei')).toEqual({ text: 'ask @Mei now', caret: 9 })
  expect(take('ask @me', 7, { kind: 'mention', from: 4, typed: 'me' }, '@Mei')).toEqual({ text: 'ask @Mei ', caret: 9 })
  expect(take('/ru', 3, { kind: 'command', from: 0, typed: 'ru' }, 'Run `|`')).toEqual({ text: 'Run ``', caret: 5 })
})

test('a pasted picture gets a name of its own, and no file replaces another', () => {
  const now = new Date('2026-11-21T04:12:09Z')
  expect(nameFor({ name: 'image.png', type: 'image/png' }, true, now)).toBe('pasted-2026-11-21-04-12-09.png')
  expect(nameFor({ name: 'image.png', type: 'image/png' }, false, now)).toBe('image.png')
  expect(nameFor({ name: '..', type: '' }, false, now)).toBe('file')
  expect(freeName('data.csv', new Set(['data.csv', 'data-2.csv']))).toBe('data-3.csv')
  expect(freeName('.env', new Set(['.env']))).toBe('.env-2')
})

test('a bare slash offers the few that are useful most; a letter finds every one', () => {
  const offered = [
    ...['session.new', 'composer.attach', 'conversation.find', 'run.stop'].map((id) => ({ id, label: id, group: 'room' as const, run() {} })),
    ...Array.from({ length: 40 }, (_, at) => ({ id: `view.other${at}`, label: `Other ${at}`, group: 'view' as const, run() {} })),
  ]
  const candidates = slashCandidates(offered, ((key: string) => key) as never, () => {})
  expect(bestOf(candidates, '').map((one) => one.label)).toEqual(['/plan', '/run', '/python', '/clear', '/new', '/attach', '/find', '/stop'])
  expect(bestOf(candidates, 'other17').map((one) => one.label)).toEqual(['/other17'])
})

test('a command is found by what it does, in any language, behind those whose name fits', () => {
  expect(triggerAt('/分享', 3)).toEqual({ kind: 'command', from: 0, typed: '分享' })
  const command = (label: string, detail: string) => ({ id: label, kind: 'command' as const, label, detail, insert: '' })
  const offered = [command('/share', '分享这个房间'), command('/run', '请求运行命令'), command('/stop', 'Stop the run')]
  expect(bestOf(offered, '分享').map(({ label }) => label)).toEqual(['/share'])
  expect(bestOf(offered, 'run').map(({ label }) => label)).toEqual(['/run', '/stop'])
})
