import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Retention } from '#shared/retention/schema.ts'
import { changeLanguage } from '../i18n/translate.ts'
import { ids, renderWithQueries } from '../testing.tsx'
import { HistorySection } from './history-section.tsx'

const sent = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>()
const puts = () => sent.mock.calls.flatMap(([, init]) => (init?.method === 'PUT' ? [JSON.parse(String(init.body)) as unknown] : []))
const refused = (code: string, message: string, status: number) => new Response(JSON.stringify({ error: { code, message } }), { status })

/** A server that keeps what it is told. */
function serve(start: Partial<Retention> = {}) {
  let now: Retention = {
    days: null,
    maxDays: null,
    effectiveDays: null,
    cleanedAt: null,
    kept: { statesBytes: 1_200_000, outputBytes: 340_000 },
    ...start,
  }
  sent.mockImplementation(async (_url, init) => {
    if (init?.method === 'PUT') {
      const { days } = JSON.parse(String(init.body)) as { days: number | null }
      now = { ...now, days, effectiveDays: days }
    }
    return Response.json(now)
  })
}

beforeEach(() => {
  sent.mockReset()
  vi.stubGlobal('fetch', sent)
})
afterEach(async () => {
  await changeLanguage('en')
  vi.unstubAllGlobals()
})

const show = (mayChange = true) => renderWithQueries(<HistorySection projectId={ids.project} mayChange={mayChange} />)
const select = () => screen.findByRole<HTMLSelectElement>('combobox', { name: 'Keep history for' })
const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save' })

test('Ada keeps history for 30 days, after she was told that the rest goes for good', async () => {
  serve()
  show()
  expect((await select()).value).toBe('forever')
  expect(save().disabled).toBe(true)
  expect(screen.getByRole('status').textContent).toBe('Kept now: 1.2 MB of earlier states, 340 KB of output')
  await userEvent.selectOptions(await select(), '30 days')
  await userEvent.click(save())
  const dialog = await screen.findByRole('dialog', { name: 'Remove history older than 30 days?' })
  expect(puts()).toEqual([])
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save and remove' }))
  await waitFor(() => expect(puts()).toEqual([{ days: 30 }]))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect((await select()).value).toBe('30')
  expect(screen.getByRole('status').textContent).toContain('Not cleaned yet')
})

test('longer than before is saved at once, also any other number', async () => {
  serve({ days: 30, effectiveDays: 30, cleanedAt: 1_763_000_000_000 })
  show()
  await userEvent.selectOptions(await select(), 'Another number of days')
  const number = screen.getByRole('textbox', { name: 'Number of days' })
  expect(save().disabled).toBe(true)
  await userEvent.type(number, 'many')
  expect(screen.getByRole('textbox', { description: 'Enter a whole number of days.' })).toBe(number)
  await userEvent.clear(number)
  await userEvent.type(number, '4000')
  expect(screen.getByRole('textbox', { description: 'Enter 1 to 3,650.' })).toBe(number)
  expect(save().disabled).toBe(true)
  await userEvent.clear(number)
  await userEvent.type(number, '45')
  await userEvent.click(save())
  await waitFor(() => expect(puts()).toEqual([{ days: 45 }]))
  expect((await select()).value).toBe('45')
})

test('under a maximum nothing longer is offered, and who chose more reads what holds', async () => {
  serve({ days: 365, maxDays: 60, effectiveDays: 60 })
  show()
  const offered = [...(await select()).options].map(({ text }) => text)
  expect(offered).toEqual(['7 days', '30 days', '60 days', 'Another number of days'])
  expect((await select()).value).toBe('60')
  expect(screen.getByText('You chose 365 days, and this server allows at most 60 days: 60 days apply.')).toBeTruthy()
})

test('while it is saved nothing can be changed, and what the server refuses is said', async () => {
  serve({ days: 7, effectiveDays: 7 })
  show()
  await userEvent.selectOptions(await select(), '90 days')
  const answer = Promise.withResolvers<Response>()
  sent.mockImplementationOnce(() => answer.promise)
  await userEvent.click(save())
  await waitFor(() => expect(save().getAttribute('aria-busy')).toBe('true'))
  expect((await select()).disabled).toBe(true)
  answer.resolve(refused('invalid_input', 'This server does not keep history so long. The most is 30 (days).', 400))
  await screen.findByText('This server does not keep history so long. The most is 30 (days).')
  expect((await select()).value).toBe('90')
})

test('a viewer reads it, in Chinese too', async () => {
  serve({ days: 30, effectiveDays: 30 })
  await changeLanguage('zh-CN')
  show(false)
  await screen.findByText('历史保留 30 天。', { exact: false })
  expect(screen.getByText('只有所有者可以更改。')).toBeTruthy()
  expect(screen.queryByRole('combobox')).toBeNull()
  expect(screen.queryByRole('button')).toBeNull()
})

test('while it is loaded bars stand there, and after a failure it can be tried again', async () => {
  sent.mockImplementationOnce(async () => refused('forbidden', 'Your role (viewer) does not allow this.', 403))
  show()
  expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy()
  await screen.findByText('Your role (viewer) does not allow this.')
  serve()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect((await select()).value).toBe('forever')
})
