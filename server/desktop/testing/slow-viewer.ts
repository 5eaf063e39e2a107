import { paint, until } from './busy.ts'
import type { DesktopRoom } from './desktop-room.ts'
import { connectRfb } from './rfb-client.ts'
import { openSlowLink } from './slow-link.ts'
import { watchDesktop } from './watcher.ts'
import type { Watcher } from './watcher.ts'

const slowBytesPerSecond = 100_000
const frames = 100

/**
 * Ada watches a busy desktop, alone and then beside Tomás, whose network lets 100 KB/s through for a while. Rates are
 * updates per frame that was painted, so that a busy machine changes them little.
 */
export async function watchBesideASlowOne(room: DesktopRoom) {
  const link = await openSlowLink(room.server.url)
  const busy = await paint(room)
  async function rates(...watchers: Watcher[]): Promise<number[]> {
    const before = watchers.map((one) => one.seen().updates)
    const from = await busy.frames()
    await busy.more(frames)
    const painted = (await busy.frames()) - from
    return watchers.map((one, at) => (one.seen().updates - Number(before[at])) / painted)
  }

  const ada = await watchDesktop(room.connect(room.ada))
  await busy.more(frames / 5)
  const [alone = 0] = await rates(ada)

  const tomas = await watchDesktop(connectRfb(`${link.url}/api/projects/${room.projectId}/desktop`, { cookie: room.tomas.cookie }))
  try {
    await until('Tomás sees something', () => tomas.seen().updates > 5)
    link.setRate(slowBytesPerSecond)
    await until('his quality is lower', () => tomas.seen().quality <= 3)
    const bytesBefore = tomas.seen().bytes
    const [beside = 0, slow = 0] = await rates(ada, tomas)
    const { quality, lagMs, bytes } = tomas.seen()
    const backlog = await tomas.backlog()

    link.setRate(Number.POSITIVE_INFINITY)
    await until('his quality is back', () => tomas.seen().quality === 8)
    const [, recovered = 0] = await rates(ada, tomas)
    await busy.stop()
    // Nothing moves any more: what he sees is what is there.
    await until('nothing is on its way to him', async () => (await tomas.backlog()) === 0)
    return { alone, beside, slow, quality, lagMs, bytes: bytes - bytesBefore, backlog, recovered }
  } finally {
    for (const one of [ada, tomas]) one.stop()
    link.close()
  }
}
