// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { untilFetched } from './lazy.ts'

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

test('what never comes is told after half a minute, and what fails by itself at once', async () => {
  online.mockReturnValue(true)
  const never = part(Number.POSITIVE_INFINITY)
  const told = untilFetched(never).catch(String)
  await vi.advanceTimersByTimeAsync(31_000)
  expect(await told).toContain('Failed to fetch')
  expect(never).toHaveBeenCalledTimes(7)
  const broken = part(1, new SyntaxError('broken'))
  await expect(untilFetched(broken)).rejects.toThrow('broken')
  expect(broken).toHaveBeenCalledTimes(1)
})
