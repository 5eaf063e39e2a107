// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { partMissing, untilFetched } from './lazy.ts'

const online = vi.spyOn(navigator, 'onLine', 'get')
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Fails so many times, as a browser does whose module did not come. */
function part(failures: number, error: Error = new TypeError('Failed to fetch dynamically imported module')) {
  let asked = 0
  return vi.fn<() => Promise<string>>(() => (asked++ < failures ? Promise.reject(error) : Promise.resolve('here')))
}

test('what does not come is asked for again, at once when the browser is online again', async () => {
  online.mockReturnValue(false)
  const fetchPart = part(2)
  const fetched = untilFetched(fetchPart)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(fetchPart).toHaveBeenCalledTimes(1)
  online.mockReturnValue(true)
  dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect(fetchPart).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(500)
  expect(await fetched).toBe('here')
})

test('what does not come for long is missing until it comes', async () => {
  online.mockReturnValue(true)
  const fetchPart = part(8)
  const fetched = untilFetched(fetchPart)
  await vi.advanceTimersByTimeAsync(15_000)
  expect(partMissing.get()).toBe(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(partMissing.get()).toBe(true)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await fetched).toBe('here')
  expect(partMissing.get()).toBe(false)
})

test('what fails by itself is told at once', async () => {
  const broken = part(1, new SyntaxError('broken'))
  await expect(untilFetched(broken)).rejects.toThrow('broken')
  expect(broken).toHaveBeenCalledTimes(1)
})
