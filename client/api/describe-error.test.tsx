import { afterEach, expect, test } from 'vitest'
import { AppError, errorStatus, type ErrorCode } from '#shared/base/errors.ts'
import { changeLanguage } from '../i18n/translate.ts'
import { ApiError } from './api.ts'
import { describeError } from './describe-error.ts'

afterEach(() => changeLanguage('en'))

test('every code has a sentence in both languages', async () => {
  for (const language of ['en', 'zh-CN'] as const) {
    await changeLanguage(language)
    for (const code of Object.keys(errorStatus) as ErrorCode[]) {
      const said = describeError(new ApiError(code, ''))
      expect(said, code).not.toContain(code)
      expect(/\p{Script=Han}/u.test(said), `${code}: ${said}`).toBe(language === 'zh-CN')
    }
  }
})

test('what the server knows in detail is told, as it is or behind the sentence of the language', async () => {
  const lastOwner = new AppError('conflict', 'A project keeps at least one owner.')
  expect(describeError(lastOwner)).toBe('A project keeps at least one owner.')
  await changeLanguage('zh-CN')
  // The server's sentences come beside the page.
  await expect.poll(() => describeError(new AppError('conflict', 'plan.md already exists.'))).toBe('plan.md 已存在。')
  expect(describeError(lastOwner)).toMatch(/^其他人.*（A project keeps at least one owner\.）$/)
})

test('what is no answer of the server is a fault of the page', () => {
  expect(describeError(new TypeError('x is not a function'))).toBe('Something went wrong on this page. Reload it.')
})
