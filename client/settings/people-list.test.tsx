import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { Account } from '#shared/people/schema.ts'
import { changeLanguage } from '../i18n/translate.ts'
import { renderWithQueries } from '../testing.tsx'
import { PeopleList } from './people-list.tsx'

const person = (name: string, more: Partial<Account> = {}): Account => ({
  id: newId('usr'),
  name,
  email: `${name.toLowerCase()}@example.org`,
  admin: false,
  createdAt: 1,
  disabledAt: null,
  lastSeenAt: null,
  projects: 1,
  keys: 0,
  ...more,
})
const ada = person('Ada', { admin: true })
const mei = person('Mei', { keys: 2 })
const tomas = person('Tomas', { disabledAt: 1 })
const sent = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>()
const made = () =>
  sent.mock.calls.flatMap(([url, init]) => (init?.method === 'GET' ? [] : [`${init?.method} ${url} ${String(init?.body ?? '')}`.trim()]))

beforeEach(() => {
  sent.mockReset().mockImplementation(async (url, init) => {
    if (url.endsWith('/reset-password')) return new Response(JSON.stringify({ path: '/reset#secret', expiresAt: 1 }), { status: 201 })
    if (url.endsWith('/erase') && !String(init?.body).includes('owner'))
      return new Response(JSON.stringify({ error: { code: 'conflict', message: 'Mei is the only owner of “Garden”.' } }), { status: 409 })
    if (url.startsWith('/api/people?after=')) return new Response(JSON.stringify({ people: [tomas], nextAfter: null }))
    if (url.startsWith('/api/people') && init?.method === 'GET') return new Response(JSON.stringify({ people: [ada, mei], nextAfter: mei.email }))
    if (url.endsWith('/session')) return new Response(JSON.stringify({ user: ada }))
    return new Response(null, { status: 204 })
  })
  vi.stubGlobal('fetch', sent)
})
afterEach(() => vi.unstubAllGlobals())

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

test('everybody is listed, a page at a time; nobody puts themselves out', async () => {
  renderWithQueries(<PeopleList me={ada.id} />)
  expect(await screen.findByText('mei@example.org')).toBeDefined()
  expect(screen.queryByText('tomas@example.org')).toBeNull()
  await press('Show more')
  expect(await screen.findByText('tomas@example.org')).toBeDefined()
  expect(screen.getByText('Disabled')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Disable Ada' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Enable Tomas' })).toBeDefined()
})

test('a link is made after a question, and shown once', async () => {
  renderWithQueries(<PeopleList me={ada.id} />)
  await screen.findByText('mei@example.org')
  await press('Reset password of Mei')
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Reset password' }))
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Link for Mei' })
  expect(field.value).toBe(`${location.origin}/reset#secret`)
  await press('Disable Mei')
  expect(screen.queryByRole('textbox', { name: 'Link for Mei' })).toBeNull()
})

test('erasing needs the address, says what stands in the way, and takes the one who owns the projects then', async () => {
  renderWithQueries(<PeopleList me={ada.id} />)
  await screen.findByText('mei@example.org')
  await press('Erase Mei')
  const dialog = within(await screen.findByRole('dialog'))
  const erase = dialog.getByRole<HTMLButtonElement>('button', { name: 'Erase' })
  expect(erase.disabled).toBe(true)
  await userEvent.type(dialog.getByRole('textbox', { name: 'Type the email address to confirm' }), mei.email)
  await userEvent.click(erase)
  expect(await dialog.findByRole('alert')).toHaveProperty('textContent', 'Mei is the only owner of “Garden”.')
  await userEvent.selectOptions(dialog.getByRole('combobox'), 'owner')
  await userEvent.type(dialog.getByRole('textbox', { name: 'Email of the new owner' }), ada.email)
  await userEvent.click(erase)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(made().at(-1)).toBe(`POST /api/people/${mei.id}/erase {"withProjects":false,"owner":"ada@example.org"}`)
})

test('all of it is said in Chinese too', async () => {
  await changeLanguage('zh-CN')
  renderWithQueries(<PeopleList me={ada.id} />)
  expect(await screen.findByRole('button', { name: '停用 Mei' })).toBeDefined()
  expect(screen.getByText('1 个项目 · 2 个密钥 · 未登录')).toBeDefined()
  await changeLanguage('en')
})
