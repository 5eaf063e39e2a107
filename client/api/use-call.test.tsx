import { act, renderHook } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { sessionCalls } from '#shared/sessions/api.ts'
import { ids } from '../testing.tsx'
import { notify } from '../ui/notify.ts'
import { useCall } from './use-call.ts'

const answers = (status: number, body: unknown) =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status })))
const refusal = { error: { code: 'conflict', message: 'Somebody was faster.' } }

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function pinning(options: Parameters<typeof useCall<typeof sessionCalls.pinSession>>[1]) {
  const client = new QueryClient()
  for (const key of [['listPins', 1], ['listPins', 2], ['other']]) client.setQueryData(key, {})
  const { result } = renderHook(() => useCall(sessionCalls.pinSession, options), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  })
  const stale = () =>
    client
      .getQueryCache()
      .getAll()
      .filter((query) => query.state.isInvalidated)
      .map(({ queryKey }) => queryKey.join(' '))
  const pin = () => act(() => result.current.mutateAsync({ params: { id: ids.session } }).catch(() => undefined))
  return { pin, stale, result }
}

test('what a call changed is asked again: all answers of a call, or those whose key begins so', async () => {
  answers(204, null)
  const { pin, stale } = pinning({ invalidates: [sessionCalls.listPins] })
  await pin()
  expect(stale()).toEqual(['listPins 1', 'listPins 2'])
  const one = pinning({ invalidates: [['listPins', 2]] })
  await one.pin()
  expect(one.stale()).toEqual(['listPins 2'])
})

test('one that failed is told of in one notice, with why, and what it shows is asked again', async () => {
  answers(409, refusal)
  const told = vi.spyOn(notify, 'error').mockReturnValue()
  const { pin, stale } = pinning({ invalidates: [sessionCalls.listPins], failed: 'Not pinned' })
  await pin()
  expect(told.mock.calls).toEqual([['Not pinned', { description: 'Somebody was faster.' }]])
  expect(stale()).toEqual(['listPins 1', 'listPins 2'])
})

test('without words of its own nobody is told: the component shows the error', async () => {
  answers(409, refusal)
  const told = vi.spyOn(notify, 'error').mockReturnValue()
  const { pin, result } = pinning({})
  await pin()
  await vi.waitFor(() => expect(result.current.error?.message).toBe('Somebody was faster.'))
  expect(told).not.toHaveBeenCalled()
})
