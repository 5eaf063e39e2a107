import { expect, test } from 'vitest'
import type { FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { watchShared } from './shared-watch.ts'

const folder = (path: string) => path as FolderPath

/** A sandbox whose streams are in the test's hands, and what its readers were told. */
function watchedSandbox({ fails = false } = {}) {
  const streams: { folder: FolderPath | undefined; tell(folders: FolderPath[]): void; end(): void; stopped: boolean }[] = []
  const told: string[] = []
  const sandbox = {
    files: {
      async watch(tell: (folders: FolderPath[]) => void, ended: () => void, only?: FolderPath) {
        const stream = { folder: only, tell, end: ended, stopped: false }
        streams.push(stream)
        if (fails) throw new Error('no stream')
        return async () => void (stream.stopped = true)
      },
    },
  } as unknown as Sandbox
  const read = (who: string, only?: FolderPath) =>
    watchShared(
      sandbox,
      (folders) => void told.push(`${who}: ${folders.join()}`),
      () => void told.push(`${who} ended`),
      only,
    )
  return { streams, told, read }
}

test('two who read the same have one stream, which ends with the last of them', async () => {
  const { streams, told, read } = watchedSandbox()
  const [leaveTree, leaveFiles] = await Promise.all([read('tree'), read('files')])
  expect(streams).toHaveLength(1)
  streams[0]?.tell([folder('src')])
  await leaveTree()
  await leaveTree()
  streams[0]?.tell([folder('docs')])
  expect(told).toEqual(['tree: src', 'files: src', 'files: docs'])
  expect(streams[0]?.stopped).toBe(false)
  await leaveFiles()
  expect(streams[0]?.stopped).toBe(true)
  await read('tree')
  expect(streams).toHaveLength(2)
})

test('a folder has a stream of its own', async () => {
  const { streams, told, read } = watchedSandbox()
  await read('tree')
  await read('files', folder('node_modules/is'))
  expect(streams.map((stream) => stream.folder)).toEqual([undefined, 'node_modules/is'])
  streams[1]?.tell([folder('node_modules/is')])
  expect(told).toEqual(['files: node_modules/is'])
})

test('a stream that breaks is over for all, and who watches again has a new one', async () => {
  const { streams, told, read } = watchedSandbox()
  const leave = await read('tree')
  await read('files')
  streams[0]?.end()
  expect(told).toEqual(['tree ended', 'files ended'])
  await read('tree')
  await leave()
  expect(streams.map(({ stopped }) => stopped)).toEqual([false, false])
})

test('all who wait for a stream that does not open are told, and it is tried anew', async () => {
  const { streams, read } = watchedSandbox({ fails: true })
  const both = await Promise.allSettled([read('tree'), read('files')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(read('tree')).rejects.toThrow('no stream')
  expect(streams).toHaveLength(2)
})
