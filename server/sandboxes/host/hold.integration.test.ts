import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../testing/require.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'
import { readStat, treeOf } from './proc.ts'

describe('a host whose sandboxes stand still for a moment', await needs('sandbox'), () => {
  let opened: Awaited<ReturnType<typeof openTestHost>>
  beforeAll(async () => {
    opened = await openTestHost()
  })
  afterAll(() => opened?.close())

  test('nothing is written and nothing starts until it is over; then everything goes on, and no shell has heard of it', async () => {
    const { host, dataDir, create } = opened
    const sandbox = await create()
    const heard: string[] = []
    // With job control: a shell that sees its job stop waits for it no longer.
    const shell = await sandbox.commands.run(`set -m; (while :; do date +%s%N >> ticks; sleep 0.01; done); echo "over $?"`, {
      background: true,
      timeoutMs: 0,
      onStdout: (text) => void heard.push(text),
    })
    const path = join(dataDir, 'sandboxes', sandbox.sandboxId, 'home', 'user', 'ticks')
    const ticks = () => readFile(path, 'utf8').catch(() => '')
    await expect.poll(ticks).not.toBe('')
    const goOn = await host.quiesce()
    const tree = treeOf(process.pid).filter((pid) => pid !== process.pid && readStat(pid)?.state !== 'Z')
    expect(tree.length).toBeGreaterThan(2)
    const still = await ticks()
    let isWritten = false
    const writing = sandbox.files.write('note.txt', 'after').then(() => (isWritten = true))
    let isMade = false
    const making = create().then((made) => {
      isMade = true
      return made
    })
    // Long enough for a hundred ticks, had it not stood still.
    const begun = performance.now()
    await expect.poll(() => performance.now() - begun > 1000, { timeout: 10_000 }).toBe(true)
    expect(await ticks()).toBe(still)
    expect([isWritten, isMade, await readdir(join(dataDir, 'sandboxes'))]).toEqual([false, false, [sandbox.sandboxId]])
    goOn()
    goOn()
    await writing
    await making
    await expect.poll(async () => (await ticks()).length, { timeout: 10_000 }).toBeGreaterThan(still.length)
    expect(heard).toEqual([])
    await shell.kill()
  })

  test('what stood still before goes on standing still', async () => {
    const { host, create } = opened
    const sandbox = await create()
    await sandbox.commands.run('sleep 1000 & echo $! > pid; kill -STOP $!')
    const state = async () => (await sandbox.commands.run('cut -d" " -f3 /proc/$(cat pid)/stat')).stdout.trim()
    await expect.poll(state).toBe('T')
    ;(await host.quiesce())()
    expect(await state()).toBe('T')
  })
})
