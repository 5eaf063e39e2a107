import { setTimeout as sleep } from 'node:timers/promises'
import type { DesktopRoom } from './desktop-room.ts'

/** Fills a terminal with other text 25 times a second, and writes down how often. */
const painter = `
import random, sys, time
letters = "abcdefghijklmnopqrstuvwxyz0123456789#%&@"
frame = 0
while True:
    lines = ["".join(random.choices(letters, k=110)) for _ in range(34)]
    sys.stdout.write("\\x1b[H" + "\\r\\n".join(lines))
    sys.stdout.flush()
    frame += 1
    with open("/tmp/frames.tmp", "w") as out: out.write(str(frame))
    __import__("os").replace("/tmp/frames.tmp", "/tmp/frames")
    time.sleep(0.04)
`

/** Asks until it holds, in a test as well as outside of one. @throws Error after 40 s */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 40_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited too long until ${what}`)
    await sleep(100)
  }
}

/** Something busy on the desktop. What is measured is counted in frames that it painted, not in time. */
export async function paint(room: DesktopRoom) {
  await room.run(`cat > /tmp/painter.py <<'END'\n${painter}\nEND\nsetsid xterm -geometry 112x35+10+10 -e python3 /tmp/painter.py >/dev/null 2>&1 &`)
  const frames = async () => Number(await room.run('cat /tmp/frames 2>/dev/null || echo 0'))
  await until('something is painted', async () => (await frames()) > 5)
  return {
    frames,
    /** Resolves when so many more were painted. */
    async more(count: number): Promise<void> {
      const last = (await frames()) + count
      await until('more is painted', async () => (await frames()) >= last)
    },
    stop: () => room.run('pkill -f painter.py'),
  }
}
