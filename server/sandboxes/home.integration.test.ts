import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../testing/require.ts'
import { openTestHost } from '../testing/sandbox-host.ts'
import { callsTo } from './provider.ts'
import type { Provider } from './provider.ts'

describe('a cloud that several servers reach with one key', await needs('sandbox'), () => {
  let opened: Awaited<ReturnType<typeof openTestHost>>
  beforeAll(async () => {
    opened = await openTestHost()
  })
  afterAll(() => opened?.close())
  const callsOf = (home?: string) => callsTo({ connection: opened.connection, idleMs: 60_000, ...(home && { home }) } as Provider)

  test('a server that was restored from a backup of another finds no sandbox of that one by its project, and each finds its own', async () => {
    const project = { atriumProject: 'prj_1' }
    const { sandboxId: first } = await callsOf('first').create(project)
    expect(await callsOf('second').findByMetadata(project)).toBeUndefined()
    const { sandboxId: second } = await callsOf('second').create(project)
    expect(await callsOf('first').findByMetadata(project)).toBe(first)
    expect(await callsOf('second').findByMetadata(project)).toBe(second)
  })

  test('one of before servers were told apart is found as it was', async () => {
    const project = { atriumProject: 'prj_2' }
    const { sandboxId } = await callsOf().create(project)
    expect(await callsOf('first').findByMetadata(project)).toBe(sandboxId)
  })
})
