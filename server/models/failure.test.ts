import { expect, test } from 'vitest'
import { redact, retryAfterMs } from './failure.ts'

test('Retry-After is seconds, a date, or milliseconds', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(retryAfterMs(new Headers({ 'retry-after': '2' }), now)).toBe(2000)
  expect(retryAfterMs(new Headers({ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }), now)).toBe(5000)
  expect(retryAfterMs(new Headers({ 'retry-after-ms': '30', 'retry-after': '9' }), now)).toBe(30)
  expect(retryAfterMs(new Headers({ 'retry-after': 'soon' }), now)).toBeUndefined()
  expect(retryAfterMs(new Headers(), now)).toBeUndefined()
  expect(retryAfterMs(undefined, now)).toBeUndefined()
})

test('nothing that looks like a key is repeated', () => {
  expect(redact('Incorrect key sk-abc123def, or Bearer xyz', undefined)).toBe('Incorrect key [key], or [key]')
  expect(redact('the secret is hunter22', 'hunter22')).toBe('the secret is [key]')
})
