import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { ask, editor, line, lines, row, workspaceOf } from './file-page.ts'
import { expect, test } from './fixtures.ts'
import { createProject, makeInvite, messageBox, plan, signUp } from './room-page.ts'

const tides = (length: number) => 'High water at noon, low water at dusk.\n'.repeat(Math.ceil(length / 39)).slice(0, length)
/** More than one edit may hold. */
const large = `${tides(2_300_000)}the end`

/** By its width: what a page shows may not be there yet. */
const isPhone = (page: Page) => (page.viewportSize()?.width ?? Infinity) < 640

/** Nothing waits to be sent; a phone says no more than that. */
async function isSaved(page: Page) {
  await expect(page.getByText(/Saving|will sync/)).toHaveCount(0)
  if (!isPhone(page)) await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
}

async function isAbove(one: Locator, other: Locator) {
  const [upper, lower] = await Promise.all([one.boundingBox(), other.boundingBox()])
  return upper !== null && lower !== null && upper.y + upper.height <= lower.y
}

async function paste(page: Page, text: string) {
  await page.evaluate((given) => navigator.clipboard.writeText(given), text)
  await page.keyboard.press('Control+v')
}

/** What comes of pressing a button that saves a text. */
async function savedBy(page: Page, press: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

async function goTo(page: Page, pane: 'Talk' | 'Plan' | 'Workspace', tab?: 'Files' | 'Python') {
  if (isPhone(page)) await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: pane }).click()
  if (tab) await page.getByRole('tab', { name: tab }).click()
}

const openFile = async (page: Page, name: string) => {
  await goTo(page, 'Workspace', 'Files')
  await row(page, name).click()
  await expect(editor(page)).toBeVisible()
}

/** Closes a notice, unless it has gone by itself. */
async function isGone(notice: Locator): Promise<void> {
  if (await notice.isVisible())
    await notice
      .getByRole('button', { name: 'Close' })
      .click({ timeout: 5_000 })
      .catch(() => undefined)
  await expect(notice).toHaveCount(0)
}

for (const { size, width, height } of [
  { size: 'a large screen', width: 1440, height: 900 },
  { size: 'a phone', width: 390, height: 844 },
]) {
  test(`what is too large to paste is told of, kept, and harms nothing, on ${size}`, async ({ ada, mei, server }) => {
    await ada.setViewportSize({ width, height })
    await ada.context().grantPermissions(['clipboard-read', 'clipboard-write'])

    await test.step('Ada and Mei have a file open', async () => {
      await mei.goto('/')
      await signUp(mei, 'Mei')
      await createProject(mei, 'Tides')
      await ask(mei, 'put', 'files/tide.txt', { content: 'spring\nneap\n' })
      await ada.goto(await makeInvite(mei))
      await signUp(ada, 'Ada')
      await expect(ada).toHaveURL(/\/p\/prj_/)
      for (const page of [ada, mei]) await openFile(page, 'tide.txt')
      await expect(line(ada, 2)).toHaveText('neap')
    })

    const told = ada.getByRole('status').filter({ hasText: 'That change to tide.txt was larger than 2 MB, so it was not added. Your text is kept.' })
    await test.step('in a file it goes back, with words; what was there goes on, for both', async () => {
      await line(ada, 1).click()
      await ada.keyboard.press('Home')
      await paste(ada, large)
      await expect(told).toBeVisible()
      await expect.poll(() => lines(ada)).toEqual(['spring', 'neap', ''])
      await line(ada, 1).click()
      await ada.keyboard.press('End')
      await ada.keyboard.type(' tide')
      await expect(line(mei, 1)).toContainText('spring tide')
      await line(mei, 2).click()
      await mei.keyboard.press('End')
      await mei.keyboard.type(' tide')
      await expect.poll(() => lines(ada)).toEqual(['spring tide', 'neap tide', ''])
      await expect(mei.getByText('was not added')).toHaveCount(0)
      for (const page of [ada, mei]) await isSaved(page)
      const path = join(await workspaceOf(server), 'tide.txt')
      await expect.poll(() => readFile(path, 'utf8')).toBe('spring tide\nneap tide\n')
    })

    await test.step('it outlives a reload, is saved whole, and is there until she discards it', async () => {
      await ada.reload()
      await expect(editor(ada)).toBeVisible()
      await expect.poll(() => lines(ada)).toEqual(['spring tide', 'neap tide', ''])
      await expect(told).toBeVisible()
      const copy = await savedBy(ada, () => told.getByRole('button', { name: 'Save a copy' }).click())
      expect([copy.name, copy.text === `${large}spring\nneap\n`]).toEqual(['tide.txt', true])
      // On a phone it lies over the buttons, and stays while the pointer is on it.
      await isGone(ada.locator('[data-sonner-toast]').filter({ hasText: 'tide.txt' }))
      await told.getByRole('button', { name: 'Discard' }).click()
      await told.getByRole('button', { name: 'Discard permanently' }).click()
      await expect(told).toBeHidden()
    })

    const notice = ada.locator('[data-sonner-toast]').filter({ hasText: 'Not pasted' })
    await test.step('in a message it is refused whole, saved, and the message is as it was', async () => {
      await goTo(ada, 'Talk')
      await messageBox(ada).fill('Look: ')
      await paste(ada, large)
      await expect(notice).toContainText('Not pasted: this field holds up to 100,000 characters.')
      // On a phone it does not lie over what people write in.
      if (isPhone(ada)) await expect.poll(() => isAbove(notice, messageBox(ada))).toBe(true)
      const copy = await savedBy(ada, () => notice.getByRole('button', { name: 'Save a copy' }).click())
      expect([copy.name, copy.text === large]).toEqual(['text.txt', true])
      await expect(messageBox(ada)).toHaveValue('Look: ')
      await paste(ada, 'the tide')
      await expect(messageBox(ada)).toHaveValue('Look: the tide')
    })

    await test.step('in a step of the plan as well, new or old; several lines are several steps', async () => {
      await goTo(ada, 'Plan')
      await ada.getByRole('button', { name: 'Add a step' }).click()
      const step = ada.getByRole('textbox', { name: 'New step' })
      await expect(step).toBeFocused()
      await paste(ada, large)
      await expect(notice).toContainText('Not pasted: this takes up to 500 lines of 500 characters each.')
      const copy = await savedBy(ada, () => notice.getByRole('button', { name: 'Save a copy' }).click())
      expect(copy.text === large).toBe(true)
      // Whoever goes elsewhere is done with the step.
      if (!(await step.isVisible())) await ada.getByRole('button', { name: 'Add a step' }).click()
      await step.focus()
      await paste(ada, 'Ask the harbour\nRead the tables\n')
      for (const text of ['Ask the harbour', 'Read the tables']) await expect(plan(ada).getByText(text)).toHaveCount(1)
      await step.press('Escape')
      await plan(ada).getByText('Ask the harbour').dblclick()
      await expect(ada.getByRole('textbox', { name: 'Step', exact: true })).toBeFocused()
      await ada.keyboard.press('End')
      // One that is about to go would take the next one's words along.
      await isGone(notice)
      await paste(ada, tides(501))
      await expect(notice).toContainText('Not pasted: this field holds up to 500 characters.')
      await paste(ada, ' master')
      await ada.keyboard.press('Enter')
      await expect(plan(ada)).toContainText('Ask the harbour master')
    })

    await test.step('in the draft that all write, it goes back with words and is saved; the plan beside it stays', async () => {
      await notice.getByRole('button', { name: 'Close' }).click()
      await goTo(ada, 'Workspace', 'Python')
      await editor(ada).click()
      await ada.keyboard.type('1 + 1')
      await isSaved(ada)
      await paste(ada, large)
      await expect(ada.getByText('The room cannot take a text this large, so it was not added. Your text is kept.').first()).toBeVisible()
      await expect.poll(() => lines(ada)).toEqual(['1 + 1'])
      await goTo(ada, 'Workspace', 'Files')
      const kept = ada.getByRole('status').filter({ hasText: 'The room cannot take a text this large' })
      const copy = await savedBy(ada, () => kept.getByRole('button', { name: 'Save a copy' }).click())
      expect(copy.text.includes(large)).toBe(true)
      await kept.getByRole('button', { name: 'Discard' }).click()
      await kept.getByRole('button', { name: 'Discard permanently' }).click()
      await expect(kept).toBeHidden()
    })

    await test.step('after a reload all is as it was left, and saved', async () => {
      await ada.reload()
      await goTo(ada, 'Plan')
      await expect(plan(ada)).toContainText('Ask the harbour master')
      await isSaved(ada)
      await expect(ada.getByText(/was not added|Not pasted/)).toHaveCount(0)
      await expect.poll(() => lines(mei)).toEqual(['spring tide', 'neap tide', ''])
      expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    })
  })
}
