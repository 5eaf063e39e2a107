import { describe, expect, test } from 'vitest'
import { clearSessionCookie, clearTwinCookies, readSessionCookie, writeSessionCookie } from './cookie.ts'
import { createHashQueue } from './hash-queue.ts'
import { createLimits } from './limits.ts'
import { comesFromOurPages } from './origin.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { createSetupCode } from './setup-code.ts'

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
    const read = (header: string | null) => readSessionCookie(header, false)
    expect(read('theme=dark; atrium_session=abc; x=1')).toBe('abc')
    expect(read('xatrium_session=abc; atrium_session_2=d')).toBeUndefined()
    expect(read('atrium_session=')).toBeUndefined()
    expect(read(null)).toBeUndefined()
  })

  test('is Secure under https only, and is taken back with the same attributes', () => {
    expect(writeSessionCookie('t', true)).toMatch(/^__Host-atrium_session=t; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/)
    expect(clearSessionCookie(true)).toBe('__Host-atrium_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0')
    expect(writeSessionCookie('t', false)).not.toContain('Secure')
    expect(clearSessionCookie(false)).toBe('atrium_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
  })

  test('under https a name that a neighbour can set is none, nor one that only looks like ours', () => {
    const read = (header: string) => readSessionCookie(header, true)
    expect(read('atrium_session=tossed')).toBeUndefined()
    expect(read('atrium_session=tossed; __Host-atrium_session=own')).toBe('own')
    // What `trim` would take away, as the bytes come in.
    for (const odd of ['\u00a0', '\u000b', '\u000c', '\u0085', '\u00e2\u0080\u0080', '\u00c2\u00a0', '%20']) {
      expect(read(`${odd}__Host-atrium_session=tossed`), odd).toBeUndefined()
    }
    expect(readSessionCookie('__Host-atrium_session=t', false)).toBeUndefined()
  })

  test('two of our name are none, and both are taken back', () => {
    const twice = 'atrium_session=tossed; theme=dark; atrium_session=own'
    expect(readSessionCookie(twice, false)).toBeUndefined()
    const clear = (cookie: string, host: string, secure = false) => clearTwinCookies(new Headers({ cookie, host }), secure)
    const own = clearSessionCookie(false)
    expect(clear(twice, 'atrium.example.org:3000')).toEqual([own, `${own}; Domain=atrium.example.org`, `${own}; Domain=example.org`])
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) expect(clear(twice, host), host).toEqual([own])
    const twiceSecure = '__Host-atrium_session=a; __Host-atrium_session=b'
    expect(readSessionCookie(twiceSecure, true)).toBeUndefined()
    expect(clear(twiceSecure, 'atrium.example.org', true)).toEqual([clearSessionCookie(true)])
    expect(clear('atrium_session=own', 'atrium.example.org')).toEqual([])
  })
})

describe('the origin of a request', () => {
  const from = (headers: Record<string, string>, secure = false) =>
    comesFromOurPages(new Headers({ host: 'atrium.example:3000', ...headers }), secure)

  test('ours is allowed, by https also in front of a proxy that is not named, by http not where ours is https', () => {
    expect(from({ origin: 'http://atrium.example:3000' })).toBe(true)
    expect(from({ origin: 'https://atrium.example:3000' }, true)).toBe(true)
    expect(from({ origin: 'http://atrium.example:3000' }, true)).toBe(false)
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
  const wrong = async () => undefined
  const right = async () => true
  const refusal = { code: 'rate_limited', retryAfterS: expect.any(Number) as number }

  test('a stranger who guesses from many addresses runs out, and so does one who tries many accounts', async () => {
    const limits = createLimits()
    for (let n = 0; n < 40; n += 1) await limits.signIn('ada@example.org', `198.51.100.${n}`, wrong)
    await expect(limits.signIn('ada@example.org', '203.0.113.1', right)).rejects.toMatchObject(refusal)
    for (let n = 0; n < 100; n += 1) await limits.signIn(`person${n}@example.org`, '203.0.113.2', wrong)
    await expect(limits.signIn('mei@example.org', '203.0.113.2', right)).rejects.toMatchObject(refusal)
    await expect(limits.signIn('mei@example.org', '203.0.113.3', right)).resolves.toBe(true)
  })

  test('a thousand who come at once are counted before any of them is looked at', async () => {
    const limits = createLimits()
    let looked = 0
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const slow = async () => {
      looked += 1
      await gate
      return undefined
    }
    const all = Array.from({ length: 1000 }, () => limits.signIn('ada@example.org', '203.0.113.1', slow).catch((error: unknown) => error))
    await Promise.all(all.slice(10))
    expect(looked).toBe(10)
    open()
    const answers = await Promise.all(all)
    expect(looked).toBe(10)
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(10)
    expect(answers[999]).toMatchObject(refusal)
    // Nobody else was counted by it: not those with the same address, not the account for others.
    await expect(limits.signIn('mei@example.org', '203.0.113.1', right)).resolves.toBe(true)
    await expect(limits.signIn('ada@example.org', '203.0.113.2', right)).resolves.toBe(true)
  })

  test('every address of one IPv6 line counts as the same', async () => {
    const limits = createLimits()
    for (let n = 0; n < 10; n += 1) await limits.signIn('ada@example.org', `2001:db8:0:7::${n}`, wrong)
    await expect(limits.signIn('ada@example.org', '2001:db8:0:7:ffff::1', right)).rejects.toMatchObject(refusal)
    await expect(limits.signIn('ada@example.org', '2001:db8:0:8::1', right)).resolves.toBe(true)
  })

  test('who remembers the password in time starts anew', async () => {
    const limits = createLimits()
    for (const _ of [1, 2]) {
      for (let n = 0; n < 9; n += 1) await limits.signIn('ada@example.org', '203.0.113.1', wrong)
      await expect(limits.signIn('ada@example.org', '203.0.113.1', right)).resolves.toBe(true)
    }
  })

  test('what could not be looked at, and what was right, does not count against anybody', async () => {
    const limits = createLimits()
    const away = () => Promise.reject(new Error('the database is away'))
    for (let n = 0; n < 150; n += 1) {
      await expect(limits.signIn('ada@example.org', '203.0.113.1', away)).rejects.toThrow('away')
      await limits.signIn(`person${n}@example.org`, '203.0.113.1', right)
    }
    await expect(limits.signIn('ada@example.org', '203.0.113.1', right)).resolves.toBe(true)
  })

  test('the setup code is tried ten times', async () => {
    const limits = createLimits()
    for (let n = 0; n < 10; n += 1) await limits.setupCode('203.0.113.1')
    await expect(limits.setupCode('203.0.113.1')).rejects.toMatchObject(refusal)
  })

  test('fifty people may sign up from one office within the hour', async () => {
    const limits = createLimits()
    for (let n = 0; n < 50; n += 1) await limits.signUp('203.0.113.1')
    await expect(limits.signUp('203.0.113.1')).resolves.toBeUndefined()
  })
})

describe('hashes', () => {
  test('a few run at a time, in order; beyond those who may wait nobody is let in', async () => {
    const inTurn = createHashQueue({ atOnce: 2, waiting: 3 })
    const begun: number[] = []
    const ends: (() => void)[] = []
    const work = (n: number) => async () => {
      begun.push(n)
      await new Promise<void>((end) => ends.push(end))
      if (n === 1) throw new Error('one failed')
      return n
    }
    const all = Array.from({ length: 6 }, (_, n) => inTurn(work(n)).catch((error: unknown) => error))
    expect(await all[5]).toMatchObject({ code: 'unavailable', retryAfterS: 5 })
    expect(begun).toEqual([0, 1])
    // One that fails makes room as well.
    ends[1]?.()
    await all[1]
    expect(begun).toEqual([0, 1, 2])
    while (ends.length < 5) {
      ends.forEach((end) => end())
      await Promise.resolve()
    }
    ends.forEach((end) => end())
    expect(await Promise.all(all.slice(0, 5))).toMatchObject([0, { message: 'one failed' }, 2, 3, 4])
    expect(begun).toEqual([0, 1, 2, 3, 4])
  })
})

describe('the setup code', () => {
  test('is another one each time, and matches however it is written', () => {
    const [first, second] = [createSetupCode(), createSetupCode()]
    const secret = 'the secret of all processes'
    expect(createSetupCode(secret).matches(createSetupCode(secret).code)).toBe(true)
    expect(first.code).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    for (const given of [first.code, first.code.toUpperCase(), ` ${first.code.replaceAll('-', ' ')} `]) expect(first.matches(given)).toBe(true)
    for (const given of ['', '-', second.code, first.code.slice(1), `${first.code}a`]) expect(first.matches(given), given).toBe(false)
  })
})
