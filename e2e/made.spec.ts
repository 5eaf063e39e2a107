import type { Page } from '@playwright/test'
import { expect as expectSoon, test } from './fixtures.ts'
import { createProject, log, makeInvite, messageBox, signUp } from './room-page.ts'

/** Runs and pages that load take their time where much else goes on. */
const expect = expectSoon.configure({ timeout: 60_000 })

const pageFrame = (page: Page) => page.locator('#tab-panel').frameLocator('iframe[title^="Page "]:not([aria-hidden])')
const approve = (page: Page) => page.getByRole('button', { name: 'Approve', exact: true }).click({ timeout: 60_000 })
const following = (page: Page) => page.getByRole('button', { name: 'Following Builder' })

async function ask(page: Page, text: string) {
  await messageBox(page).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}

test('the first task ends on the page it made, for Ada and for Mei who comes later; whoever looks elsewhere stays there', async ({ ada, mei }) => {
  test.setTimeout(300_000)
  await ada.goto('/')
  await signUp(ada, 'Ada')
  await createProject(ada, 'Tides')
  const invite = await makeInvite(ada)

  await test.step('the file that is written opens, and nothing takes the focus', async () => {
    await ask(ada, 'Build a small web page about tides')
    await expect(following(ada)).toBeVisible()
    await messageBox(ada).focus()
    await expect(ada.locator('#tab-panel .cm-content')).toBeVisible()
    await expect(messageBox(ada)).toBeFocused()
  })
  await test.step('Mei joins in the midst and follows as well', async () => {
    await mei.goto(invite)
    await signUp(mei, 'Mei')
    await expect(following(mei)).toBeVisible()
  })
  await test.step('the run ends on the page, rendered', async () => {
    // Ada's hands stay where they are.
    await approve(mei)
    for (const page of [ada, mei]) {
      await expect(pageFrame(page).getByRole('heading').first()).toContainText(/tides/i, { timeout: 60_000 })
      await expect(page.getByRole('radio', { name: 'Page' })).toBeChecked()
      await expect(following(page)).toBeHidden()
    }
    await expect(messageBox(ada)).toBeFocused()
  })
  await test.step('it stands there after a reload, and in the conversation as a card', async () => {
    await ada.reload()
    await expect(pageFrame(ada).getByRole('heading').first()).toContainText(/tides/i)
    const card = log(ada).getByRole('group', { name: 'Made by Builder' })
    await expect(card.getByRole('button', { name: 'Open the page' })).toBeVisible()
    await card.getByRole('button', { name: /style\.css/ }).click()
    await expect(ada.locator('#tab-panel .cm-content')).toContainText('{')
    await ada.goBack()
    await expect(pageFrame(ada).getByRole('heading').first()).toContainText(/tides/i)
  })
  await test.step('what somebody types into its code is on the page', async () => {
    await mei.getByRole('radio', { name: 'Code' }).click()
    const editor = mei.locator('#tab-panel .cm-content')
    await expect(editor).toContainText('<h1')
    await editor.getByText('<h1').first().click()
    await mei.keyboard.press('Home')
    await mei.keyboard.type('<p>High water at noon</p>')
    await expect(pageFrame(ada).getByText('High water at noon')).toBeVisible()
  })
  await test.step('Ada looks elsewhere while the next task runs, and stays there', async () => {
    await ask(ada, 'Build a small web page about tides')
    await expect(following(ada)).toBeVisible()
    await ada.getByRole('tab', { name: 'Python' }).click()
    await expect(ada.getByRole('button', { name: 'Follow Builder' })).toBeVisible()
    await approve(ada)
    await expect(log(ada).getByRole('group', { name: 'Made by Builder' })).toHaveCount(2, { timeout: 60_000 })
    await expect(ada.getByRole('tab', { name: 'Python' })).toHaveAttribute('aria-selected', 'true')
  })
})

test('on a phone the conversation stays, offers the page, and the way back leads to it', async ({ ada }) => {
  await ada.setViewportSize({ width: 390, height: 844 })
  await ada.goto('/')
  await signUp(ada, 'Ada')
  // She writes before her page knows what she may do in the room: to the agent all the same.
  const { promise: written, resolve: go } = Promise.withResolvers<void>()
  await ada.route(/\/api\/projects\/prj_[^/]+$/, async (route) => {
    await written
    await route.continue()
  })
  await createProject(ada, 'Tides')
  await ask(ada, 'Build a small web page about tides')
  await expect(log(ada)).toContainText('Build a small web page')
  go()
  await approve(ada)
  const card = log(ada).getByRole('group', { name: 'Made by Builder' })
  await card.getByRole('button', { name: 'Open the page' }).click({ timeout: 60_000 })
  await expect(pageFrame(ada).getByRole('heading').first()).toContainText(/tides/i)
  await ada.goBack()
  await expect(card).toBeVisible()
})
