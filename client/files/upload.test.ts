// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FolderPath } from '#shared/files/path.ts'
import { FakeRequest } from '../api/testing/fake-request.ts'
import { createUploader, type UploadState } from './upload.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  FakeRequest.all = []
})

const uploads = (...names: string[]) => names.map((name) => ({ path: name, file: new File(['0123456789'], name) }))

test('Ada sees how much of a file has gone, and what was refused', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  const uploader = createUploader('prj_1' as ProjectId)
  const done = uploader.add('data' as FolderPath, uploads('a.bin', 'b.bin'))
  const [a, b] = FakeRequest.all
  a?.sent(4)
  b?.sent(3)
  expect(uploader.state.get()).toEqual({ status: 'busy', done: 0, total: 2, bytes: 7, totalBytes: 20 } satisfies UploadState)
  a?.answer(200)
  b?.answer(413, JSON.stringify({ error: { code: 'too_large', message: 'A file can have up to 5 bytes.' } }))
  expect(await done).toEqual(['data/a.bin'])
  expect(uploader.state.get()).toMatchObject({ status: 'failed', done: 1, failures: [{ name: 'b.bin' }] })
})

test('what is cancelled ends at once, and what waits is not begun', async () => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  const uploader = createUploader('prj_1' as ProjectId)
  const done = uploader.add('' as FolderPath, uploads('a', 'b', 'c', 'd'))
  FakeRequest.all[0]?.answer(200)
  await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(4))
  uploader.cancel()
  expect(await done).toEqual(['a'])
  expect(uploader.state.get()).toEqual({ status: 'idle' })
})
