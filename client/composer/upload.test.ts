// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { maxUploadBytes } from '#shared/files/api.ts'
import { FakeRequest } from '../api/testing/fake-request.ts'
import { ids } from '../testing.tsx'
import { draftKey, draftOf } from './drafts.ts'
import { uploadsOf } from './upload.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  FakeRequest.all = []
})

const opened = (n: number) => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ path: '', entries: [] })))
  const draft = draftKey(ids.mei, ids.project, `${ids.session.slice(0, -1)}${n}` as typeof ids.session)
  return { draft, uploads: uploadsOf(draft, ids.project) }
}

test('Mei attaches a recording of 60 MB and sees how much of it has gone; one beyond the bound is not begun', async () => {
  const { draft, uploads } = opened(1)
  const sized = (name: string, size: number) => Object.defineProperty(new File(['x'], name), 'size', { value: size })
  const added = uploads.add([sized('tides.mp4', 60_000_000), sized('all.zip', maxUploadBytes + 1)])
  await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1))
  FakeRequest.all[0]?.sent(15_000_000)
  expect(uploads.list.get()).toMatchObject([
    { name: 'tides.mp4', share: 0.25 },
    { name: 'all.zip', final: true },
  ])
  FakeRequest.all[0]?.answer(200)
  await added
  expect(draftOf(draft).get().files).toEqual([{ path: 'tides.mp4', size: 60_000_000 }])
})

test('what did not arrive says why, and can be tried again', async () => {
  const { draft, uploads } = opened(2)
  const added = uploads.add([new File(['notes'], 'notes.md')])
  await vi.waitFor(() => expect(FakeRequest.all).toHaveLength(1))
  FakeRequest.all[0]?.answer(
    500,
    JSON.stringify({ error: { code: 'sandbox_failed', message: 'The disk of the sandbox is full. Delete some files first.' } }),
  )
  await added
  const [failed] = uploads.list.get()
  expect(failed?.problem).toBe('The disk of the sandbox is full. Delete some files first.')
  if (failed) uploads.retry(failed.id)
  FakeRequest.all[1]?.answer(200)
  await vi.waitFor(() => expect(uploads.list.get()).toEqual([]))
  expect(draftOf(draft).get().files).toMatchObject([{ path: 'notes.md' }])
})
