import { E2B } from '@e2b/desktop'
import type { Sandbox } from '@e2b/desktop'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { needs } from '../../testing/require.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'

const onDesktop = await needs('desktop')

describe("the desktop's SDK", await needs('sandbox'), () => {
  let here: TestHost
  beforeAll(async () => void (here = await openTestHost()))
  afterAll(() => here?.close())

  test('every button of the mouse reaches the display', onDesktop, async () => {
    const { sandboxId } = await here.create({ envs: { PATH: '/home/user/bin:/opt/atrium/agent/bin:/usr/bin:/bin' } })
    const client = new E2B(here.connection)
    const desktop: Sandbox = await client.Sandbox.connect(sandboxId)
    await desktop.getScreenSize()
    await desktop.commands.run('xinput test-xi2 --root > events', { background: true, timeoutMs: 0 })
    /** Presses of each button so far, as the one pointer has them of all mice. */
    const presses = async () => {
      const events = await desktop.files.read('events')
      const counts: Record<string, number> = {}
      for (const [, button = ''] of events.matchAll(/\(ButtonPress\)\n +device: 2 .*\n +detail: (\d)/g)) counts[button] = (counts[button] ?? 0) + 1
      return counts
    }
    await vi.waitFor(
      async () => {
        await desktop.moveMouse(30, 30)
        await desktop.moveMouse(40, 40)
        expect(await desktop.files.read('events')).toContain('(Motion)')
      },
      { timeout: 15_000 },
    )
    await desktop.leftClick(100, 110)
    await desktop.doubleClick()
    await desktop.rightClick()
    await desktop.middleClick()
    await desktop.scroll('up', 2)
    await desktop.scroll('down')
    await desktop.mousePress('left')
    await desktop.mouseRelease('left')
    await vi.waitFor(async () => expect(await presses()).toEqual({ 1: 4, 2: 1, 3: 1, 4: 2, 5: 1 }), { timeout: 15_000 })
    expect(await desktop.getCursorPosition()).toEqual({ x: 100, y: 110 })

    await desktop.files.write('bin/xdg-open', '#!/bin/sh\necho "$1" > /home/user/opened\n')
    await desktop.commands.run('chmod 755 bin/xdg-open')
    await desktop.open('https://example.org')
    await desktop.wait(10)
    expect(await desktop.waitAndVerify('cat opened', ({ stdout }) => stdout === 'https://example.org\n', 10, 0.1)).toBe(true)
    await desktop.commands.run('xterm', { background: true, timeoutMs: 0 })
    await vi.waitFor(() => desktop.getApplicationWindows('xterm'), { timeout: 15_000 })
    const [window] = await desktop.getApplicationWindows('xterm')
    await desktop.commands.run(`xdotool windowactivate --sync ${window}`)
    expect(await desktop.getCurrentWindowId()).toBe(window)
    await desktop.kill()
  })
})
