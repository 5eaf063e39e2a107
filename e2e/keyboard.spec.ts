import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { log, plan } from './room-page.ts'

/** The pointer is not used: everything is reached with keys, and the focus is always somewhere. */
test('Ada goes from an account to an approved run and a plan of her own without a pointer', async ({ ada }) => {
  const keys = ada.keyboard

  await test.step('she makes an account', async () => {
    await ada.goto('/')
    await expect(ada.getByLabel('Name')).toBeFocused()
    await keys.type('Ada')
    await tabTo(ada, 'Email')
    await keys.type('ada@example.com')
    await tabTo(ada, 'Password')
    await keys.type('correct horse battery staple')
    await keys.press('Enter')
    await expect(ada.getByRole('button', { name: 'New project' }).first()).toBeVisible()
  })

  await test.step('she makes a room', async () => {
    await ada.getByRole('button', { name: 'New project' }).first().focus()
    await keys.press('Enter')
    const dialog = ada.getByRole('dialog')
    await expect(dialog.getByLabel('Name')).toBeFocused()
    await keys.type('Tides')
    await keys.press('Enter')
    await expect(ada).toHaveURL(/\/p\/prj_/)
  })

  await test.step('the palette makes a session and leads to what one writes', async () => {
    await run(ada, 'New session')
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await ada.getByRole('textbox', { name: 'Message' }).focus()
    await keys.type('Build a small web page about tides')
    await keys.press('Control+Enter')
    await expect(log(ada)).toContainText('I’ll build a small page about tides')
  })

  await test.step('she approves what is asked', async () => {
    const approve = ada.getByRole('button', { name: 'Approve', exact: true }).first()
    await expect(approve).toBeVisible({ timeout: 60_000 })
    await approve.focus()
    await expect(approve).toBeFocused()
    await keys.press('Enter')
    await expect(log(ada)).toContainText('The page about tides is ready', { timeout: 60_000 })
  })

  await test.step('she adds a step to the plan', async () => {
    await run(ada, 'Add a step')
    await keys.type('Ask the harbour')
    await keys.press('Enter')
    await keys.press('Escape')
    await expect(plan(ada)).toContainText('Ask the harbour')
  })

  await test.step('numbers choose the tab, arrows go on, a separator gives way', async () => {
    await ada.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await keys.press('4')
    await expect(ada.getByRole('tab', { name: 'Python' })).toHaveAttribute('aria-selected', 'true')
    await ada.getByRole('tab', { name: 'Python' }).focus()
    await keys.press('ArrowRight')
    await expect(ada.getByRole('tab', { name: 'Preview' })).toBeFocused()
    const edge = ada.getByRole('separator', { name: 'Width of the conversation' })
    const before = Number(await edge.getAttribute('aria-valuenow'))
    await edge.focus()
    await keys.press('ArrowRight')
    await expect(edge).toHaveAttribute('aria-valuenow', String(before + 16))
  })

  await test.step('? shows the keys, and Escape gives back the focus', async () => {
    const tab = ada.getByRole('tab', { name: 'Preview' })
    await tab.focus()
    await keys.press('?')
    await expect(ada.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Show Files')
    await keys.press('Escape')
    await expect(ada.getByRole('dialog')).toHaveCount(0)
    await expect(tab).toBeFocused()
  })

  await test.step('the palette turns the theme and leads to the settings', async () => {
    await run(ada, 'Theme: dark')
    await expect(ada.locator('html')).toHaveAttribute('data-theme', 'dark')
    await run(ada, 'Open settings')
    await expect(ada).toHaveURL(/\/settings/)
  })
})

async function tabTo(page: Page, label: string) {
  const field = page.getByLabel(label, { exact: true })
  for (let i = 0; i < 6 && !(await field.evaluate((element) => element === document.activeElement)); i += 1) await page.keyboard.press('Tab')
  await expect(field).toBeFocused()
}

/** Runs what the palette finds first under these words. */
async function run(page: Page, words: string) {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search or run' })).toBeFocused()
  await page.keyboard.type(words)
  await expect(page.getByRole('option').first()).toContainText(words)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Search or run' })).toHaveCount(0)
}
