import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { startTranslation } from '../i18n/translate.ts'
import { outdated } from '../sync/outdated.ts'
import { ReloadBanner } from './reload-banner.tsx'

afterEach(async () => {
  cleanup()
  outdated.set(false)
  await startTranslation('en')
})

test('a page that the server does not serve any more says so, and how it goes on', () => {
  render(<ReloadBanner />)
  expect(screen.queryByRole('status')).toBeNull()
  act(() => outdated.set(true))
  expect(screen.getByRole('status').textContent).toContain('Atrium was updated. Reload to continue.')
  expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy()
})

test('in Chinese too', async () => {
  await startTranslation('zh-CN')
  outdated.set(true)
  render(<ReloadBanner />)
  expect(screen.getByRole('status').textContent).toContain('Atrium 已更新，请重新加载以继续。')
  expect(screen.getByRole('button', { name: '重新加载' })).toBeTruthy()
})
