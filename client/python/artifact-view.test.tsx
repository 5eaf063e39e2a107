import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { ArtifactId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ids, renderWithQueries } from '../testing.tsx'
import { ArtifactView } from './artifact-view.tsx'

afterEach(() => {
  delete document.documentElement.dataset.theme
  vi.unstubAllGlobals()
})

test('a table that is shown takes the colours of the theme that is chosen meanwhile', async () => {
  const system = Object.assign(new EventTarget(), { matches: false })
  vi.stubGlobal('matchMedia', () => system)
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<table><tr><td>North</td></tr></table>')))
  const kept = { id: newId<ArtifactId>('art'), name: 'out.html', mime: 'text/html', size: 40 }
  renderWithQueries(<ArtifactView kept={kept} projectId={ids.project} text={undefined} />)
  const frame = await screen.findByTitle<HTMLIFrameElement>('Table out.html')
  expect(frame.srcdoc).toContain('color-scheme:light')
  act(() => {
    document.documentElement.dataset.theme = 'dark'
  })
  await waitFor(() => expect(frame.srcdoc).toContain('color-scheme:dark'))
  expect(frame.srcdoc).not.toContain('color-scheme:light')
  expect(frame.srcdoc).toContain('<td>North</td>')
  act(() => {
    delete document.documentElement.dataset.theme
  })
  await waitFor(() => expect(frame.srcdoc).toContain('color-scheme:light'))
  system.matches = true
  act(() => void system.dispatchEvent(new Event('change')))
  expect(frame.srcdoc).toContain('color-scheme:dark')
})

test('what is no longer kept says so, and shows its text where there is one', async () => {
  const answer = () => Response.json({ error: { code: 'not_found', message: 'This artifact does not exist.' } }, { status: 404 })
  vi.stubGlobal('fetch', async () => answer())
  const kept = { id: newId<ArtifactId>('art'), name: 'figure-1.png', mime: 'image/png', size: 40 }
  const { unmount } = renderWithQueries(<ArtifactView kept={kept} projectId={ids.project} text={undefined} />)
  expect(await screen.findByText('No longer kept: figure-1.png')).toBeTruthy()
  unmount()
  renderWithQueries(<ArtifactView kept={kept} projectId={ids.project} text="<Figure size 640x480>" />)
  expect(await screen.findByText('<Figure size 640x480>')).toBeTruthy()
})
