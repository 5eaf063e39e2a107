import { expect, test } from 'vitest'
import { TargetError } from './copy-file.ts'
import { whyUnreadable } from './walk-folder.ts'

const failed = (code: string) => Object.assign(new Error(code), { code })

test.each([
  { code: 'ENOENT', why: undefined },
  { code: 'ENOTDIR', why: undefined },
  { code: 'ELOOP', why: undefined },
  { code: 'EACCES', why: 'it may not be read' },
  { code: 'EPERM', why: 'it may not be read' },
  { code: 'EIO', why: 'the disk cannot read it' },
])('an entry that fails with $code: $why', ({ code, why }) => {
  expect(whyUnreadable(failed(code))).toBe(why)
})

test.each([failed('ENOSPC'), failed('EMFILE'), new Error('no code'), new TargetError(failed('EACCES'))])('%s is not of the entry', (error) => {
  expect(() => whyUnreadable(error)).toThrow(error)
})
