import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { createPlaces } from './places.ts'
import type { Hold } from './port.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new Promise<never>(() => undefined)
const ref = { kind: 'project', id: 'prj_1' } as never
const reach = () => Promise.reject(new Error('nobody there'))

test('a database that answers nothing does not keep anybody waiting for ever', async () => {
  const places = createPlaces({ leases: { tryHold: () => never, ownerUrl: () => undefined, forgetOwner: () => undefined }, projectOf: () => never })
  const found = places.find(ref, reach, false)
  await vi.advanceTimersByTimeAsync(10_000)
  await expect(found).resolves.toEqual({ at: 'nowhere' })
})

test('a room that comes too late is let go of', async () => {
  let answer = (_hold: Hold | undefined): void => undefined
  const release = vi.fn<() => void>()
  const tryHold = () => new Promise<Hold | undefined>((resolve) => (answer = resolve))
  const places = createPlaces({
    leases: { tryHold, ownerUrl: () => undefined, forgetOwner: () => undefined },
    projectOf: async () => 'prj_1' as ProjectId,
  })
  const found = places.find(ref, reach, false)
  await vi.advanceTimersByTimeAsync(10_000)
  await expect(found).resolves.toEqual({ at: 'nowhere' })
  expect(release).not.toHaveBeenCalled()
  answer({ release } as unknown as Hold)
  await vi.advanceTimersByTimeAsync(0)
  expect(release).toHaveBeenCalledOnce()
})
