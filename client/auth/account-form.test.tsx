import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Me } from '#shared/auth/schema.ts'
import { ids, renderWithQueries } from '../testing.tsx'
import { AccountForm } from './account-form.tsx'

const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const user = { id: ids.ada, name: 'Ada', email: 'ada@example.com', admin: true, createdAt: 1 }
beforeEach(() => {
  sent.mockReset().mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ user }), { status: 201 })))
  vi.stubGlobal('fetch', sent)
})
afterEach(() => vi.unstubAllGlobals())

const show = (kind: 'sign-up' | 'sign-in', onDone = vi.fn<(me: Me) => void>()) =>
  renderWithQueries(<AccountForm kind={kind} onDone={onDone} />) && onDone
const errorOf = (label: string) => {
  const field = screen.getByLabelText(label)
  return [field.getAttribute('aria-invalid'), document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent]
}

test('what is wrong is said at its field, and the first one has the focus', async () => {
  show('sign-up')
  await userEvent.type(screen.getByLabelText('Email'), 'ada')
  await userEvent.type(screen.getByLabelText('Password'), 'short')
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }))
  expect(errorOf('Name')).toEqual(['true', 'Enter your name.'])
  expect(errorOf('Email')).toEqual(['true', 'Enter an email address, such as ada@example.com.'])
  expect(errorOf('Password')).toEqual(['true', 'Use at least 8 characters.'])
  expect(document.activeElement).toBe(screen.getByLabelText('Name'))
  expect(sent).not.toHaveBeenCalled()
})

test('Ada signs up, and looks at what she types', async () => {
  const onDone = show('sign-up')
  const password = screen.getByLabelText<HTMLInputElement>('Password')
  expect([password.type, password.autocomplete]).toEqual(['password', 'new-password'])
  await userEvent.click(screen.getByRole('button', { name: 'Show characters' }))
  expect(password.type).toBe('text')
  await userEvent.type(screen.getByLabelText('Name'), 'Ada')
  await userEvent.type(screen.getByLabelText('Email'), 'ada@example.com')
  await userEvent.type(password, 'correct horse')
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }))
  expect(onDone).toHaveBeenCalledWith(user)
})

test('where the first account needs the setup code, its field says why, and what is typed or came with the link is sent', async () => {
  renderWithQueries(<AccountForm kind="sign-up" setupCode="" onDone={vi.fn<(me: Me) => void>()} />)
  const code = screen.getByLabelText('Setup code')
  expect(document.activeElement).toBe(code)
  expect(errorOf('Setup code')[1]).toBe('The server printed it when it started. It shows that this server is yours.')
  await userEvent.type(screen.getByLabelText('Name'), 'Ada')
  await userEvent.type(screen.getByLabelText('Email'), 'ada@example.com')
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse')
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }))
  expect(errorOf('Setup code')).toEqual(['true', 'Enter the setup code. It is in the output of the server.'])
  expect(sent).not.toHaveBeenCalled()
  await userEvent.type(code, 'abcde-fghjk')
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }))
  expect(JSON.parse(String(sent.mock.calls[0]?.[1].body))).toMatchObject({ email: 'ada@example.com', setupCode: 'abcde-fghjk' })
})

test('nobody else is asked for a setup code', async () => {
  show('sign-up')
  expect(screen.queryByLabelText('Setup code')).toBeNull()
  await userEvent.type(screen.getByLabelText('Name'), 'Mei')
  await userEvent.type(screen.getByLabelText('Email'), 'mei@example.com')
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse')
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }))
  expect(JSON.parse(String(sent.mock.calls[0]?.[1].body))).not.toHaveProperty('setupCode')
})

test('an account with an older, shorter password can still sign in', async () => {
  show('sign-in')
  await userEvent.type(screen.getByLabelText('Email'), 'ada@example.com')
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(errorOf('Password')).toEqual(['true', 'Enter your password.'])
  await userEvent.type(screen.getByLabelText('Password'), 'short')
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(sent).toHaveBeenCalledOnce()
})
