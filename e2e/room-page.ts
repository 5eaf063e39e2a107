import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'

/** What a person does and sees in a room, by the names that people and assistive technology know. */
export const log = (page: Page) => page.getByRole('log', { name: 'Trajectory' })
export const plan = (page: Page) => page.getByRole('list', { name: 'Plan' })
export const peopleHere = (page: Page) => page.getByRole('list', { name: 'People here' })
export const fileTree = (page: Page) => page.getByRole('tree')
export const messageBox = (page: Page) => page.getByRole('textbox', { name: 'Message' })

export async function signUp(page: Page, name: string) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Email').fill(`${name.normalize('NFD').replace(/\W/g, '').toLowerCase()}@example.com`)
  await page.getByLabel('Password').fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create account' }).click()
}

export async function createProject(page: Page, name: string) {
  await page.getByRole('button', { name: 'New project' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(dialog).toBeHidden()
}

/** The link by which somebody else joins the project that is open. */
export async function makeInvite(page: Page, role: 'editor' | 'viewer' = 'editor'): Promise<string> {
  await page
    .getByRole('button', { name: /share|invite/i })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Role of new members' }).selectOption(role)
  await dialog.getByRole('button', { name: 'Create link' }).click()
  const link = await dialog.getByLabel('Invite link').inputValue()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  return link
}

/** Chooses to whom one writes; on a phone the choice is in the menu beside the box. */
export async function writeTo(page: Page, whom: 'Builder' | 'people') {
  const choice = page.getByRole('combobox', { name: 'To', exact: true })
  if (await choice.isVisible()) await choice.selectOption(`To ${whom}`)
  else {
    await page.getByRole('button', { name: 'Add to the message' }).click()
    await page.getByRole('menuitemradio', { name: whom === 'people' ? 'People' : whom, exact: true }).click()
  }
  await expect(page.getByText(whom === 'people' ? 'People read this' : /^Builder (will answer|reads this)/)).toBeVisible()
}

export async function say(page: Page, text: string) {
  await messageBox(page).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(messageBox(page)).toHaveValue('')
}

/** Resolves when the text of the trajectory has grown this many times: it is being streamed. */
export async function seesItGrow(page: Page, times = 3) {
  let last = 0
  let grown = -1
  await expect
    .poll(
      async () => {
        const length = ((await log(page).textContent()) ?? '').length
        if (length > last) grown += 1
        last = length
        return grown
      },
      { intervals: [100], timeout: 30_000 },
    )
    .toBeGreaterThanOrEqual(times)
}
