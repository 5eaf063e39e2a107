import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { afterEach, expect, test, vi } from 'vitest'
import { renderWithQueries } from '../testing.tsx'
import { ResetPage } from './reset.tsx'

afterEach(() => vi.unstubAllGlobals())

function open(path: string, answer: () => Response) {
  const sent = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>(async () => answer())
  vi.stubGlobal('fetch', sent)
  const root = createRootRoute()
  const routes = ['/reset', '/sign-in'].map((at) =>
    createRoute({ getParentRoute: () => root, path: at, component: at === '/sign-in' ? () => null : ResetPage }),
  )
  const router = createRouter({ routeTree: root.addChildren(routes), history: createMemoryHistory({ initialEntries: [path] }) })
  renderWithQueries(<RouterProvider router={router as never} />)
  return () => sent.mock.calls.map(([url, init]) => `${url} ${String(init?.body)}`)
}

test('whoever has the link chooses a password, and is sent to sign in', async () => {
  const sent = open('/reset#secret', () => new Response(null, { status: 204 }))
  await userEvent.type(await screen.findByLabelText('Password'), 'short')
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }))
  expect(screen.getByRole('alert').textContent).toBe('Use at least 8 characters.')
  expect(sent()).toEqual([])
  await userEvent.type(screen.getByLabelText('Password'), ' no more')
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }))
  expect(await screen.findByText('Your password is set')).toBeDefined()
  expect(sent()).toEqual(['/api/auth/reset-password {"token":"secret","password":"short no more"}'])
})

test('a link that was used says so, and one without its end is none', async () => {
  const message = 'This link is not valid any more. Ask whoever manages the workspace for a new one.'
  open('/reset#secret', () => new Response(JSON.stringify({ error: { code: 'gone', message } }), { status: 410 }))
  await userEvent.type(await screen.findByLabelText('Password'), 'long enough')
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }))
  expect((await screen.findByRole('alert')).textContent).toBe(message)
  open('/reset', () => new Response(null))
  expect(await screen.findByText('This link is not complete')).toBeDefined()
})
