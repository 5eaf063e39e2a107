import { render, screen } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { userEvent } from '@testing-library/user-event'
import { useSyncExternalStore } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { signOutAsked, useAskSignOut } from '../api/ask-sign-out.ts'
import { createStore } from '../ui/store.ts'
import type { SavedState } from '../sync/saved.ts'
import { SyncContext } from '../sync/use-document.ts'
import SignOutDialog from './sign-out-dialog.tsx'
import '../testing.tsx'

afterEach(() => {
  signOutAsked.set(false)
  vi.unstubAllGlobals()
})

const Asked = () => useSyncExternalStore(signOutAsked.subscribe, signOutAsked.get) && <SignOutDialog />

function SignOut() {
  return <button onClick={useAskSignOut()}>Sign out of it</button>
}

function show(state: SavedState) {
  const sent = vi.fn<(url: string) => Promise<Response>>(() => Promise.resolve(new Response(null, { status: 204 })))
  vi.stubGlobal('fetch', sent)
  const saved = createStore<SavedState>(state)
  const forget = vi.fn<() => Promise<void>>(() => Promise.resolve())
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SyncContext value={{ saved, forget } as never}>
        <SignOut />
        <Asked />
      </SyncContext>
    </QueryClientProvider>,
  )
  return { sent, forget }
}

test('who has edits that no server has is asked, with how many, before they go', async () => {
  const { sent, forget } = show({ status: 'offline', changes: 3 })
  await userEvent.click(screen.getByRole('button', { name: 'Sign out of it' }))
  expect(signOutAsked.get()).toBe(true)
  expect(sent).not.toHaveBeenCalled()
  const dialog = await screen.findByRole('dialog', { name: 'Sign out and lose changes?' })
  expect(dialog.textContent).toContain('3 changes have not been sent.')
  await userEvent.click(screen.getByRole('button', { name: 'Sign out' }))
  expect(sent).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(forget).toHaveBeenCalledOnce())
})

test('who has none signs out at once', async () => {
  const { sent } = show({ status: 'saved' })
  await userEvent.click(screen.getByRole('button', { name: 'Sign out of it' }))
  await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce())
  expect(signOutAsked.get()).toBe(false)
})
