import { expect, test } from 'vitest'
import { createSeal, type Forwarded } from './seal.ts'

const forwarded: Forwarded = {
  address: '203.0.113.7',
  origin: 'https://atrium.example.org',
  secure: true,
  method: 'POST',
  url: '/api/sessions/ses_1/messages',
  at: 1_000_000,
}
const request = { method: 'POST', url: '/api/sessions/ses_1/messages', now: 1_000_000 }
const secret = 'a secret of all processes'
const seal = createSeal(secret)

test('another process with the same secret reads what was forwarded', () => {
  expect(createSeal(secret).open(seal.close(forwarded), request)).toEqual(forwarded)
})

test.each<[string, string | undefined]>([
  ['none', undefined],
  ['an empty one', ''],
  ['no signature', seal.close(forwarded).split('.')[0]],
  ['a cut signature', seal.close(forwarded).slice(0, -1)],
  ['something behind it', `${seal.close(forwarded)}.x`],
  ['another secret', createSeal('another secret of all').close(forwarded)],
  ['another body', `${Buffer.from(JSON.stringify({ ...forwarded, secure: false })).toString('base64url')}.${seal.close(forwarded).split('.')[1]}`],
])('%s is not believed', (_, header) => {
  expect(seal.open(header, request)).toBeUndefined()
})

test('it is of one request, for a minute', () => {
  const header = seal.close(forwarded)
  expect(seal.open(header, { ...request, method: 'DELETE' })).toBeUndefined()
  expect(seal.open(header, { ...request, url: '/api/sessions/ses_2/messages' })).toBeUndefined()
  expect(seal.open(header, { ...request, now: request.now + 60_001 })).toBeUndefined()
  expect(seal.open(header, { ...request, now: request.now - 60_001 })).toBeUndefined()
  expect(seal.open(header, { ...request, now: request.now + 60_000 })).toEqual(forwarded)
})
