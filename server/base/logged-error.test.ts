import { Writable } from 'node:stream'
import { DrizzleQueryError } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function logged(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  log(createLogger('trace', sink))
  return text
}

test('a failed query is logged without what people wrote, with its code and its place', () => {
  const inner = Object.assign(new Error('invalid byte sequence'), { code: '22021', constraint: 'steps_pkey', detail: 'Key (text)=(my diary) exists' })
  const failed = new DrizzleQueryError('insert into messages values ($1)', ['dear diary'], inner)
  for (const error of [failed, new Error('the turn failed', { cause: failed })]) {
    const text = logged((log) => log.error({ err: error }, 'broken'))
    expect(text).not.toContain('diary')
    expect(JSON.parse(text)).toMatchObject({
      err: {
        code: '22021',
        constraint: 'steps_pkey',
        message: expect.stringContaining('invalid byte'),
        stack: expect.stringContaining('logged-error.test'),
      },
    })
  }
})

test('other errors keep what they say, and their causes', () => {
  const text = logged((log) => log.error({ err: new TypeError('no sandbox', { cause: new Error('socket closed') }) }, 'broken'))
  expect(JSON.parse(text)).toMatchObject({ err: { type: 'TypeError', message: 'no sandbox: socket closed' } })
})

test('secrets by their names are not printed', () => {
  expect(logged((log) => log.info({ password: 'hunter2', request: { headers: { cookie: 'atrium_session=x' } } }, 'odd'))).not.toMatch(
    /hunter2|session=x/,
  )
})
