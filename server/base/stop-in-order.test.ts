import { expect, test, vi } from 'vitest'
import { stopInOrder } from './stop-in-order.ts'

test('a part that is slow may use what others leave; one that hangs or fails keeps no later one from its turn', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const said: string[] = []
    const stopped: string[] = []
    const part = (name: string, ms: number) => ({
      name,
      withinMs: 100,
      stop: () => new Promise<void>((resolve) => setTimeout(() => (stopped.push(name), resolve()), ms)),
    })
    const steps = [
      part('slow', 600),
      { name: 'broken', withinMs: 100, stop: () => Promise.reject(new Error('no')) },
      part('hangs', 1e9),
      part('database', 90),
    ]
    const log = {
      warn: (about: object) => void said.push(`late ${JSON.stringify(about)}`),
      error: ({ part }: { part: string }) => void said.push(`failed ${part}`),
    }
    const done = stopInOrder(steps, log as never, 1000)
    await vi.advanceTimersByTimeAsync(1000)
    await done
    expect(stopped).toEqual(['slow', 'database'])
    expect(said).toEqual(['failed broken', 'late {"part":"hangs","withinMs":300}'])
  } finally {
    vi.useRealTimers()
  }
})
