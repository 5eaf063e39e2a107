import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { holdOutput } from './held-output.ts'

/** A reader that takes its time with each part. */
function slowReader() {
  let shown = ''
  const to = new Writable({
    highWaterMark: 1,
    write(part: Buffer, _encoding, done) {
      shown += part.toString()
      setImmediate(done)
    },
  })
  return { to, shown: () => shown }
}

test('what was printed before its turn is all shown before anything else is', async () => {
  const output = holdOutput()
  for (let line = 0; line < 500; line++) output.input.write(`line ${line}\n`)
  const { to, shown } = slowReader()
  expect(await output.showUntil(Promise.resolve('over'), to)).toBe('over')
  expect(shown().split('\n')).toHaveLength(501)
  expect(to.writableEnded).toBe(false)
})

test('what is printed in its turn is shown, too', async () => {
  const output = holdOutput()
  const { to, shown } = slowReader()
  let end = (): void => undefined
  const showing = output.showUntil(new Promise<void>((resolve) => (end = resolve)), to)
  output.input.write('late')
  end()
  await showing
  expect(shown()).toBe('late')
})
