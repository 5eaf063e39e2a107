import { expect, test } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import type { FileState, FileStatus } from '#shared/files/state.ts'
import { changeStatus, isPending, isStanding, statusOfNoText, type StatusDetails } from './file-status.ts'

const path = 'tide.txt' as FilePath
const elsewhere = 'moon.txt' as FilePath
const at = (status: FileStatus, more: StatusDetails = {}): FileState => ({ path, status, since: 1, ...more })

test.each<[string, FileState, FileStatus, StatusDetails, FileState | 'same']>([
  ['a file that comes level', at('waiting'), 'level', {}, { ...at('level'), since: 2 }],
  ['the same again', at('level'), 'level', {}, 'same'],
  [
    'the same for another reason',
    at('failed', { detail: 'full' }),
    'failed',
    { detail: 'forbidden' },
    { ...at('failed'), since: 2, detail: 'forbidden' },
  ],
  ['the same for the same reason', at('failed', { detail: 'full' }), 'failed', { detail: 'full' }, 'same'],
  ['what was said before does not stay', at('failed', { detail: 'full' }), 'level', {}, { ...at('level'), since: 2 }],
  ['a file that was deleted, by whom', at('level'), 'deleted', { by: { kind: 'sandbox' } }, { ...at('deleted'), since: 2, by: { kind: 'sandbox' } }],
  ['a file that was moved', at('deleted'), 'moved', { to: elsewhere }, { ...at('moved'), since: 2, to: elsewhere }],
  ['a moved file that is missing', at('moved', { to: elsewhere }), 'deleted', {}, 'same'],
  ['a moved file that is there again', at('moved', { to: elsewhere }), 'level', {}, 'same'],
])('%s', (_what, state, status, more, next) => {
  const changed = changeStatus(state, status, 2, more)
  expect(changed === state ? 'same' : changed).toEqual(next)
})

test('nothing is written where something else stands now', () => {
  const all: FileStatus[] = ['level', 'waiting', 'missing', 'failed', 'deleted', 'moved', 'not_text', 'too_large']
  expect(all.filter((status) => isPending(at(status)))).toEqual(['level', 'waiting', 'missing', 'failed'])
  expect(all.filter((status) => isStanding(at(status)))).toEqual(['level', 'waiting', 'failed'])
})

test('what is no text is called what it is', () => {
  expect(statusOfNoText('large')).toEqual(['too_large', {}])
  expect(statusOfNoText('bytes')).toEqual(['not_text', {}])
  expect(statusOfNoText('folder')).toEqual(['not_text', { detail: 'There is now a folder in its place.' }])
})
