import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Hocuspocus } from '@hocuspocus/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { inspectUpdate } from './inspect-update.ts'
import { startBare as onSockets } from './testing/bare.ts'
import { awarenessFrame } from './testing/frames.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function startBare(server: Hocuspocus) {
  const bare = await onSockets(server)
  cleanUp.push(bare.stop)
  return bare
}

const hooks = ['onChange', 'onStateless', 'onAwarenessUpdate', 'beforeBroadcastStateless', 'onDisconnect', 'afterUnloadDocument']
describe.each(hooks)('a hook that throws: %s', (hook) => {
  const run = async (form: string) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./testing/bare-crash.ts', import.meta.url)), form, hook], {
      stdio: 'pipe',
    })
    let complained = ''
    child.stderr.on('data', (data: Buffer) => (complained += data.toString()))
    let said = ''
    child.stdout.on('data', (data: Buffer) => (said += data.toString()))
    const [code] = (await once(child, 'close')) as [number]
    return { code, said: said.trim(), complained }
  }
  test('ends a bare process, and not ours', async () => {
    const bare = await run('bare')
    expect([bare.code, bare.said]).toEqual([1, ''])
    expect(bare.complained).toContain('a bug in a hook')
    expect(await run('ours')).toMatchObject({ code: 0, said: 'alive' })
  })
})

test('bare, a reader overwrites the presence of another', async () => {
  const bare = new Hocuspocus({ quiet: true, onAuthenticate: async ({ connectionConfig }) => void (connectionConfig.readOnly = true) })
  const { join } = await startBare(bare)
  const ada = await join('x')
  const mei = await join('x')
  ada.ws.send(awarenessFrame('x', [[7, 1, { user: 'Ada' }]]))
  await vi.waitFor(() => expect(bare.documents.get('x')?.awareness.getStates().get(7)).toEqual({ user: 'Ada' }))
  mei.ws.send(awarenessFrame('x', [[7, 2, { user: 'Mei was here' }]]))
  await vi.waitFor(() => expect(bare.documents.get('x')?.awareness.getStates().get(7)).toEqual({ user: 'Mei was here' }))
  // And saying goodbye changes nothing: the state stays.
  ada.ws.send(awarenessFrame('x', [[7, 3, null]]))
  ada.ws.send(awarenessFrame('x', [[8, 1, { after: true }]]))
  await vi.waitFor(() => expect(bare.documents.get('x')?.awareness.getStates().has(8)).toBe(true))
  expect(bare.documents.get('x')?.awareness.getStates().has(7)).toBe(true)
})

test('bare, twelve bytes take the memory of thirty million; ours counts what is there first', async () => {
  const liar = Uint8Array.of(1, 0x80, 0x87, 0xa7, 0x0e, 1, 0, 0, 0, 0, 0, 0)
  const peak = async (update: Uint8Array) => {
    const script = `import * as Y from 'yjs'
      try { Y.applyUpdate(new Y.Doc(), Uint8Array.from(${JSON.stringify([...update])})) } catch {}
      process.stdout.write(String(process.resourceUsage().maxRSS))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [kilobytes] = (await once(child.stdout, 'data')) as [Buffer]
    return Number(kilobytes)
  }
  expect(await peak(liar)).toBeGreaterThan((await peak(Uint8Array.of(0, 0))) + 100_000)
  expect(() => inspectUpdate(liar)).toThrow('declares more than it holds')
})
