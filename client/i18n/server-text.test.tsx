import { render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { serverText, startTranslation } from './translate.ts'
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
