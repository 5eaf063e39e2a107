import { act, render, screen } from '@testing-library/react'
import { startTransition, Suspense, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { lateNamespaces } from './late.ts'
import * as english from './en.ts'
import * as chinese from './zh-cn.ts'
import { arrivalOf, changeLanguage, startTranslation } from './translate.ts'
import { useTranslation } from './use-translation.ts'
import { withStrong } from './with-strong.tsx'

function Setting() {
  const { t } = useTranslation('settings', 'common')
  return <p>{`${t('theme')}, ${t('common:copy')}`}</p>
}

test('what is fetched later is waited for, and follows the language', async () => {
  await startTranslation('en')
  await act(async () => {
    render(
      <Suspense fallback="…">
        <Setting />
      </Suspense>,
    )
  })
  expect(await screen.findByText('Theme, Copy')).toBeTruthy()
  await act(() => changeLanguage('zh-CN'))
  expect(screen.getByText(/^\p{Script=Han}+, 复制$/u)).toBeTruthy()
  await act(() => changeLanguage('en'))
})

function WithHooksBelow() {
  const { t } = useTranslation('home')
  const [waits] = useState('…')
  useEffect(() => undefined, [waits])
  return <p>{t('title')}</p>
}

test('hooks may stand below it, also where the strings arrive while the page is being drawn', async () => {
  await startTranslation('en')
  const recovered: unknown[] = []
  const page = document.createElement('div')
  const root = createRoot(page, { onRecoverableError: (error) => recovered.push(error) })
  await act(async () => {
    startTransition(() => root.render(<WithHooksBelow />))
  })
  await act(() => arrivalOf('home'))
  expect(recovered).toEqual([])
  expect(page.textContent).toBe('Projects')
  act(() => root.unmount())
})

test.each([english, chinese])('every namespace is fetched, at first or later', ({ first, late }) => {
  expect(Object.keys(late).toSorted()).toEqual([...lateNamespaces].toSorted())
  expect(Object.keys(first).filter((namespace) => Object.hasOwn(late, namespace))).toEqual([])
  const files = Object.keys(import.meta.glob('./en/*.json')).map((path) => path.slice('./en/'.length, -'.json'.length))
  expect([...Object.keys(first), ...Object.keys(late)].toSorted()).toEqual(files.toSorted())
})

test('a name that is put into a sentence stays a name', () => {
  const { container } = render(
    <p>
      {withStrong('{{name}} invites you to <b>{{project}}</b>.', { name: '<b>Mei</b>', project: 'Tides & <b>' }, (content) => (
        <em>{content}</em>
      ))}
    </p>,
  )
  expect(container.textContent).toBe('<b>Mei</b> invites you to Tides & <b>.')
  expect(container.querySelectorAll('em')).toHaveLength(1)
})
