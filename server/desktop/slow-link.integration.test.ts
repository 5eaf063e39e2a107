import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDesktopRoom } from './testing/desktop-room.ts'
import type { DesktopRoom } from './testing/desktop-room.ts'
import { watchBesideASlowOne } from './testing/slow-viewer.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

let room: DesktopRoom
beforeAll(async () => {
  room = await openDesktopRoom()
})
afterAll(() => room.close())

test('a viewer on a slow network gets fewer and coarser pictures, never old ones, and the others lose nothing', onDesktop, async () => {
  const { alone, beside, slow, quality, backlog, recovered } = await watchBesideASlowOne(room)
  expect(beside).toBeGreaterThanOrEqual(0.8 * alone)
  expect(quality).toBeLessThanOrEqual(3)
  expect(slow).toBeGreaterThan(0)
  expect(slow).toBeLessThan(0.5 * beside)
  // A few pictures, not all that were painted meanwhile.
  expect(backlog).toBeLessThan(512 * 1024)
  expect(recovered).toBeGreaterThan(2 * slow)
})
