import { afterEach, expect, test, vi } from 'vitest'
import { fileCalls } from '#shared/files/api.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { protocolVersion, versionHeader } from '#shared/wire/protocol.ts'
import { outdated } from '../sync/outdated.ts'
import { call, onSignedOut, urlOf } from './api.ts'

afterEach(() => vi.unstubAllGlobals())

const answering = (status: number, body: unknown) =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })))

test('addresses are filled in and encoded', () => {
  expect(urlOf(fileCalls.readFile, { id: 'prj_1', path: 'notes/ä b#1.md' }, undefined)).toBe('/api/projects/prj_1/files/notes/%C3%A4%20b%231.md')
  expect(urlOf(sessionCalls.listItems, { id: 'ses_1' }, { before: 12, limit: undefined })).toBe('/api/sessions/ses_1/items?before=12')
})

test('an error keeps its code, its sentence and its reference', async () => {
  answering(409, { error: { code: 'conflict', message: 'Mei was faster.', requestId: 'req-7' } })
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ code: 'conflict', message: 'Mei was faster.', requestId: 'req-7' })
})

test('an answer that is not what was agreed is an error, not a surprise', async () => {
  answering(200, { projects: 'none' })
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ code: 'internal' })
})

test('a server that cannot be reached, or a gateway in its place, says what to do', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ code: 'unavailable' })
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 })))
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ name: 'ApiError' })
})

test('whoever is signed out is told once per answer', async () => {
  const listener = vi.fn<() => void>()
  const stop = onSignedOut(listener)
  answering(401, { error: { code: 'unauthenticated', message: 'Sign in.' } })
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(listener).toHaveBeenCalledOnce()
  stop()
})

test('each call says which version the page speaks, and an answer may say that it is served no more', async () => {
  const fetched = vi.fn<typeof fetch>(() =>
    Promise.resolve(new Response(JSON.stringify({ error: { code: 'outdated', message: 'Atrium was updated.' } }), { status: 426 })),
  )
  vi.stubGlobal('fetch', fetched)
  expect(outdated.get()).toBe(false)
  await expect(call(projectCalls.listProjects, {})).rejects.toMatchObject({ code: 'outdated' })
  expect(outdated.get()).toBe(true)
  expect(new Headers(fetched.mock.calls[0]?.[1]?.headers).get(versionHeader)).toBe(String(protocolVersion))
  outdated.set(false)
})
