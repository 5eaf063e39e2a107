import { describe, expect, test } from 'vitest'
import { clearSessionCookie, readSessionCookie, writeSessionCookie } from './cookie.ts'
import { createLimits } from './limits.ts'
import { comesFromOurPages } from './origin.ts'
import { hashPassword, verifyPassword } from './password.ts'

describe('passwords', () => {
  test('only the right one matches its hash, and two hashes of one differ', async () => {
    const [first, second] = await Promise.all([hashPassword('Grüße 🌱'), hashPassword('Grüße 🌱')])
    expect(first).not.toBe(second)
    expect(await verifyPassword(first, 'Grüße 🌱')).toBe(true)
    // Typed on another system: the same letters, composed differently.
    expect(await verifyPassword(first, 'Grüße 🌱'.normalize('NFD'))).toBe(true)
    expect(await verifyPassword(first, 'Grüsse 🌱')).toBe(false)
  })

  test('a hash that is none matches nothing', async () => {
    for (const phc of ['', 'x', '$argon2id$v=19$m=1,t=1$a$b']) expect(await verifyPassword(phc, '')).toBe(false)
  })
})

describe('the cookie', () => {
  test('is found among others, by its whole name', () => {
    expect(readSessionCookie('theme=dark; atrium_session=abc; x=1')).toBe('abc')
    expect(readSessionCookie('xatrium_session=abc; atrium_session_2=d')).toBeUndefined()
    expect(readSessionCookie('atrium_session=')).toBeUndefined()
    expect(readSessionCookie(null)).toBeUndefined()
  })

  test('is Secure under https only, and is taken back with the same attributes', () => {
    expect(writeSessionCookie('t', true)).toMatch(/^atrium_session=t; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=/)
    expect(writeSessionCookie('t', false)).not.toContain('Secure')
    expect(clearSessionCookie(false)).toBe('atrium_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
  })
})

describe('the origin of a request', () => {
  const from = (headers: Record<string, string>) => comesFromOurPages(new Headers({ host: 'atrium.example:3000', ...headers }))

  test('ours is allowed, whatever the scheme in front of a proxy', () => {
    expect(from({ origin: 'http://atrium.example:3000' })).toBe(true)
    expect(from({ origin: 'https://atrium.example:3000' })).toBe(true)
    expect(from({ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' })).toBe(true)
  })

  test('others are not: neighbours, other ports, sandboxed frames, lookalikes', () => {
    for (const origin of [
      'http://atrium.example',
      'http://evil.atrium.example:3000',
      'null',
      'http://atrium.example:3000.evil.example',
      'nonsense',
    ]) {
      expect(from({ origin }), origin).toBe(false)
    }
    for (const site of ['cross-site', 'same-site']) expect(from({ 'sec-fetch-site': site, origin: 'http://atrium.example:3000' }), site).toBe(false)
  })

  test('a program that is no browser sends neither header', () => {
    expect(from({})).toBe(true)
  })
})

describe('limits', () => {
  test('a stranger who guesses from many addresses runs out, and so does one who tries many accounts', async () => {
    const limits = createLimits()
    for (let n = 0; n < 40; n += 1) await limits.signIn.failed('ada@example.org', `198.51.100.${n}`)
    await expect(limits.signIn.check('ada@example.org', '203.0.113.1')).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterS: expect.any(Number),
    })
    for (let n = 0; n < 100; n += 1) await limits.signIn.failed(`person${n}@example.org`, '203.0.113.2')
    await expect(limits.signIn.check('mei@example.org', '203.0.113.2')).rejects.toMatchObject({ code: 'rate_limited' })
    await expect(limits.signIn.check('mei@example.org', '203.0.113.3')).resolves.toBeUndefined()
  })

  test('who remembers the password in time starts anew', async () => {
    const limits = createLimits()
    for (let n = 0; n < 9; n += 1) await limits.signIn.failed('ada@example.org', '203.0.113.1')
    await limits.signIn.succeeded('ada@example.org', '203.0.113.1')
    for (let n = 0; n < 9; n += 1) await limits.signIn.failed('ada@example.org', '203.0.113.1')
    await expect(limits.signIn.check('ada@example.org', '203.0.113.1')).resolves.toBeUndefined()
  })

  test('fifty people may sign up from one office within the hour', async () => {
    const limits = createLimits()
    for (let n = 0; n < 50; n += 1) await limits.signUp('203.0.113.1')
    await expect(limits.signUp('203.0.113.1')).resolves.toBeUndefined()
  })
})
