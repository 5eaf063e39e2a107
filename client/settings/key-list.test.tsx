import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '#shared/auth/schema.ts'
import { newId } from '#shared/base/new-id.ts'
import { changeLanguage } from '../i18n/translate.ts'
import { renderWithQueries } from '../testing.tsx'
import { KeyList } from './key-list.tsx'

const sent = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>()
const made: ApiKey = { id: newId('key'), name: 'CI', createdAt: 1, lastUsedAt: null, scopes: ['read', 'decide'] }
const old: ApiKey = { ...made, id: newId('key'), name: 'old', scopes: ['read', 'write'] }
const bodies = () => sent.mock.calls.flatMap(([, init]) => (init?.method === 'POST' ? [JSON.parse(init.body as string) as unknown] : []))

beforeEach(() => {
  sent
    .mockReset()
    .mockImplementation(async (_url, init) =>
      init?.method === 'POST'
        ? new Response(JSON.stringify({ ...made, secret: 'sk_x' }), { status: 201 })
        : new Response(JSON.stringify({ keys: [old, made] })),
    )
  vi.stubGlobal('fetch', sent)
})
afterEach(() => vi.unstubAllGlobals())

const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

test('a key reads and writes unless Ada chooses otherwise; each scope says what it means', async () => {
  renderWithQueries(<KeyList />)
  expect(['Read', 'Write', 'Decide'].map((name) => box(name).checked)).toEqual([true, true, false])
  expect(screen.getByText(/Approve and deny requests in your name/)).toBeDefined()
  await userEvent.type(screen.getByRole('textbox', { name: 'Key name' }), 'CI')
  await userEvent.click(box('Write'))
  await userEvent.click(box('Decide'))
  await userEvent.click(screen.getByRole('button', { name: 'Create key' }))
  await waitFor(() => expect(bodies()).toEqual([{ name: 'CI', scopes: ['read', 'decide'] }]))
  // The next one begins as usual.
  await waitFor(() => expect(['Read', 'Write', 'Decide'].map((name) => box(name).checked)).toEqual([true, true, false]))
})

test('one without any scope is not made', async () => {
  renderWithQueries(<KeyList />)
  await userEvent.type(screen.getByRole('textbox', { name: 'Key name' }), 'CI')
  await userEvent.click(box('Read'))
  await userEvent.click(box('Write'))
  await userEvent.click(screen.getByRole('button', { name: 'Create key' }))
  expect(screen.getByRole('alert').textContent).toBe('Choose at least one.')
  expect(bodies()).toEqual([])
})

test('the list says what each key may do, in each language', async () => {
  renderWithQueries(<KeyList />)
  expect(await screen.findByText(/Read and Write$/)).toBeDefined()
  expect(screen.getByText(/Read and Decide$/)).toBeDefined()
  await changeLanguage('zh-CN')
  expect(await screen.findByText(/读取和审批$/)).toBeDefined()
  await changeLanguage('en')
})
