import { render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { nameOfErased } from '#shared/people/erased.ts'
import { sayName, serverText, startTranslation, t } from './translate.ts'
import { useTranslation } from './use-translation.ts'

afterEach(() => startTranslation('en'))

function Refusal() {
  useTranslation('common')
  return <p>{serverText('The current password is wrong.')}</p>
}

test('what the server says is said in Chinese as soon as its sentences are there, also where it is shown already', async () => {
  await startTranslation('zh-CN')
  render(<Refusal />)
  expect(await screen.findByText('当前密码不正确。')).toBeTruthy()
})

test('who was erased has no name in any language, alone and in a sentence; every other name stays as it is', async () => {
  await startTranslation('zh-CN')
  await vi.waitFor(() => expect(sayName(nameOfErased)).toBe('已离开的成员'))
  const started = (person: string) => t('trajectory:event.started', { agent: 'Builder', person })
  expect([sayName('Mei'), sayName('Run Zhang')]).toEqual(['Mei', 'Run Zhang'])
  expect(started(nameOfErased)).toContain('已离开的成员')
  expect(started('Mei & <b>Ada</b>')).toContain('Mei & <b>Ada</b>')
  await startTranslation('en')
  expect(started(nameOfErased)).toContain('Somebody who left')
})
