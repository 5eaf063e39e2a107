import { act, render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { overlay } from '../../palette/open-overlay.ts'
import { ids } from '../../testing.tsx'
import SessionSwitcher from './session-switcher.tsx'
import type { Room } from './use-room.ts'

vi.mock('../../projects/sessions/session-list.tsx', () => ({ default: () => null }))
afterEach(() => act(() => overlay.set(null)))

test('where there is no rail, the list of sessions leads to the search over all of them', async () => {
  const user = userEvent.setup()
  render(<SessionSwitcher room={{ role: 'editor', current: undefined } as Room} projectId={ids.project} title="Regional sales view" />)
  await user.click(screen.getByRole('button', { name: 'Regional sales view' }))
  await user.click(await screen.findByRole('button', { name: 'Search sessions and messages' }))
  expect(overlay.get()).toBe('palette')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})
