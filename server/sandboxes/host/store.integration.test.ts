import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from '../../base/logger.ts'
import type { SandboxRecord } from './store.ts'
import { createStore } from './store.ts'

test('a sandbox of an earlier version keeps its files, which stand elsewhere now', async () => {
  const root = await mkdtemp(join(tmpdir(), 'atrium-store-'))
  try {
    const store = createStore(root, createLogger('silent'))
    await mkdir(join(root, 'sandbox1', 'workspace', 'src'), { recursive: true })
    await writeFile(join(root, 'sandbox1', 'workspace', 'src', 'a.txt'), 'kept')
    for (let time = 0; time < 2; time++) await store.bringAlong('sandbox1')
    expect(await readFile(join(store.workspaceOf('sandbox1'), 'src', 'a.txt'), 'utf8')).toBe('kept')
    expect(await readdir(join(root, 'sandbox1'))).toEqual(['home'])
    await store.bringAlong('never-started')
    expect(await readdir(root)).toEqual(['sandbox1'])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})

test('what a killed host had begun is finished, and nothing else is touched', async () => {
  const root = await mkdtemp(join(tmpdir(), 'atrium-store-'))
  try {
    const before = createStore(root, createLogger('silent'))
    const record: SandboxRecord = {
      id: 'sandbox1',
      template: 'base',
      metadata: {},
      envs: {},
      createdAt: 1,
      startedAt: 1,
      timeoutMs: 1,
      token: 'x'.repeat(32),
      onTimeout: 'pause',
      keepMemory: false,
      autoResume: false,
      internet: true,
      trafficToken: null,
      uid: 1,
      limits: {},
      process: null,
    }
    await before.save(record)
    await mkdir(before.workspaceOf('sandbox1'), { recursive: true })
    // A record that was being written, and a sandbox that was being removed.
    await writeFile(join(root, 'sandbox1', 'sandbox.json.2147483647'), '{')
    await mkdir(join(root, 'sandbox2.removed', 'home', 'user'), { recursive: true })
    // Of an earlier version, or not ours: nobody said that it may go.
    await mkdir(join(root, 'sandbox3', 'home', 'user'), { recursive: true })
    const store = createStore(root, createLogger('silent'))
    await store.load()
    await store.sweep()
    expect((await readdir(root)).toSorted()).toEqual(['sandbox1', 'sandbox3'])
    expect((await readdir(join(root, 'sandbox1'))).toSorted()).toEqual(['home', 'sandbox.json'])
    await store.remove('sandbox1')
    await store.remove('never-made')
    expect(await readdir(root)).toEqual(['sandbox3'])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
