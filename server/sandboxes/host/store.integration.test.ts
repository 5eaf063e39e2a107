import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from '../../base/logger.ts'
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
