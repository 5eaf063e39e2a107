import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { expect, test, vi } from 'vitest'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { ids, renderWithQueries } from '../../testing.tsx'
import { SandboxBanner } from './sandbox-banner.tsx'

const state = (change: Partial<SandboxState>): SandboxState => ({ status: 'running', isolation: 'bubblewrap', since: 1, ...change })

test.each([
  ['failed', 'Restart the sandbox', /\/restart$/],
  ['paused', 'Start the sandbox', /\/start$/],
] as const)('a sandbox that is %s has a way out', async (status, button, path) => {
  const sent = vi.fn<(url: string) => Promise<Response>>(() => Promise.resolve(Response.json(state({ status: 'starting' }))))
  vi.stubGlobal('fetch', sent)
  renderWithQueries(<SandboxBanner projectId={ids.project} state={state({ status, detail: 'No disk is left.' })} mayControl mayConfigure={false} />)
  await userEvent.click(screen.getByRole('button', { name: button }))
  expect(sent.mock.calls[0]?.[0]).toMatch(path)
  vi.unstubAllGlobals()
})

test('one that waits for a place says how many are before it, and can be given up', async () => {
  const sent = vi.fn<(url: string) => Promise<Response>>(() => Promise.resolve(Response.json(state({ status: 'stopped' }))))
  vi.stubGlobal('fetch', sent)
  const detail = 'Waiting for a place: 2 before you.'
  renderWithQueries(<SandboxBanner projectId={ids.project} state={state({ status: 'waiting', detail })} mayControl mayConfigure={false} />)
  expect(screen.getByRole('status').textContent).toContain(detail)
  await userEvent.click(screen.getByRole('button', { name: 'Stop waiting' }))
  expect(sent.mock.calls[0]?.[0]).toMatch(/\/kill$/)
  vi.unstubAllGlobals()
})

test('what runs says nothing; who may not start it is told who may', () => {
  const { container } = renderWithQueries(<SandboxBanner projectId={ids.project} state={state({})} mayControl mayConfigure={false} />)
  expect(container.textContent).toBe('')
  renderWithQueries(<SandboxBanner projectId={ids.project} state={state({ status: 'paused' })} mayControl={false} mayConfigure={false} />)
  expect(screen.getByRole('status').textContent).toBe('The sandbox is asleep. An editor can start it.')
  expect(screen.queryByRole('button')).toBeNull()
})

test('an owner is led from one that failed to its settings', async () => {
  const routeTree = createRootRoute({
    component: () => <SandboxBanner projectId={ids.project} state={state({ status: 'failed' })} mayControl mayConfigure />,
  })
  renderWithQueries(<RouterProvider router={createRouter({ routeTree, history: createMemoryHistory() }) as never} />)
  expect((await screen.findByRole('link', { name: 'Sandbox settings' })).getAttribute('href')).toBe(`/settings/${ids.project}`)
})
