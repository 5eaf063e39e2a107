import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ProjectId } from '#shared/base/ids.ts'
import { LimitsForm } from './limits-form.tsx'

const ceilings = { cpus: 2, memoryBytes: 2 ** 32, diskBytes: 10 * 2 ** 30, processes: 2000 }
const limits = { cpus: 1.5, memoryBytes: 2 ** 31, diskBytes: 2 ** 31, processes: 512, idleMinutes: 30, ceilings }

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function show(mayChange: boolean) {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', async (_address: string, init?: RequestInit) => {
    if (init?.method === 'PATCH' || init?.method === 'PUT') sent.push(JSON.parse(String(init.body)))
    return Response.json({ ...limits, ...(sent.at(-1) as object | undefined) })
  })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LimitsForm projectId={'prj_1' as ProjectId} mayChange={mayChange} />
    </QueryClientProvider>,
  )
  return sent
}

test('Ada reads in her own units what a limit may be, and only what she changed is sent', async () => {
  const sent = show(true)
  const memory = await screen.findByRole('textbox', { name: 'Memory, MiB' })
  await userEvent.clear(memory)
  await userEvent.type(memory, '1')
  expect(screen.getByRole('textbox', { description: 'Enter 256 to 4,096.' })).toBe(memory)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save limits' }).disabled).toBe(true)
  await userEvent.clear(memory)
  await userEvent.type(memory, '4097')
  expect(screen.getByRole('textbox', { description: 'Enter 256 to 4,096.' })).toBe(memory)
  await userEvent.clear(memory)
  await userEvent.type(memory, 'much')
  expect(screen.getByRole('textbox', { description: 'Enter a number.' })).toBe(memory)
  await userEvent.clear(memory)
  await userEvent.type(memory, '512')
  await userEvent.click(screen.getByRole('button', { name: 'Save limits' }))
  await vi.waitFor(() => expect(sent).toEqual([{ memoryBytes: 2 ** 29 }]))
})

test('Jonas, who may not change them, reads them', async () => {
  show(false)
  await screen.findByText('Memory, MiB')
  expect(screen.getByText('at most 4,096')).toBeTruthy()
  expect(screen.getAllByText('2,048')).toHaveLength(2)
  expect(screen.queryByRole('textbox')).toBeNull()
})
