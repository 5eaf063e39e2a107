import { expect, test } from 'vitest'
import { stopsOf } from './stop-order.ts'

test('what features have to stop is stopped in the order of the server, whatever the order of the features', async () => {
  const done: string[] = []
  const says = (what: string) => () => void done.push(what)
  const stops = stopsOf([
    { stop: [{ name: 'rooms', stop: says('rooms'), withinMs: 100 }] },
    {
      stop: [
        { name: 'sandboxes', stop: says('sandboxes'), withinMs: 500 },
        { name: 'timers', stop: says('timer of sandboxes'), withinMs: 100 },
      ],
    },
    {},
    { stop: [{ name: 'timers', stop: says('timer of sign-ins'), withinMs: 50 }] },
  ])
  expect(stops.map(({ name, withinMs }) => [name, withinMs])).toEqual([
    ['timers', 100],
    ['sandboxes', 500],
    ['rooms', 100],
  ])
  for (const { stop } of stops) await stop()
  expect(done).toEqual(['timer of sandboxes', 'timer of sign-ins', 'sandboxes', 'rooms'])
})
