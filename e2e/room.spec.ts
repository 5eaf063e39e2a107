import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, fileTree, log, makeInvite, peopleHere, plan, say, seesItGrow, signUp, writeTo } from './room-page.ts'

test('Ada and Mei watch one agent plan, write and run, approve what it asks, and find everything again', async ({ ada, mei, server }) => {
  const both = [ada, mei]

  await test.step('Ada signs up and makes a room', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(log(ada)).toBeVisible()
  })

  await test.step('Mei joins by a link and opens the same session', async () => {
    const session = new URL(ada.url()).pathname
    await mei.goto(await makeInvite(ada))
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
    await mei.goto(session)
    await expect(log(mei)).toBeVisible()
    for (const page of both) {
      await expect(peopleHere(page)).toContainText('Ada')
      await expect(peopleHere(page)).toContainText('Mei')
    }
    await expect(peopleHere(ada).getByRole('button', { name: 'Mei' })).toBeVisible()
    await expect(peopleHere(mei).getByRole('button', { name: 'Ada' })).toBeVisible()
  })

  await test.step('what Ada says to Mei the agent leaves alone', async () => {
    await writeTo(ada, 'people')
    await say(ada, 'Shall we ask for a page about tides?')
    await expect(log(mei)).toContainText('Shall we ask for a page about tides?')
  })

  await test.step('Ada asks the agent, and both watch it work', async () => {
    await say(ada, '@agent Build a small web page about tides')
    await Promise.all(both.map((page) => seesItGrow(page)))
    for (const page of both) {
      await expect(log(page)).toContainText('I’ll build a small page about tides')
      await expect(plan(page)).toContainText('Write the page about tides')
    }
  })

  await test.step('Mei approves the command it asks for', async () => {
    for (const page of both) await expect(page.getByRole('button', { name: 'Approve', exact: true }).first()).toBeVisible({ timeout: 60_000 })
    await mei.getByRole('button', { name: 'Approve', exact: true }).first().click()
    for (const page of both) await expect(log(page)).toContainText('The page about tides is ready', { timeout: 60_000 })
    for (const page of both) await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0)
  })

  await test.step('the files and the finished plan are there for both', async () => {
    for (const page of both) {
      await page.getByRole('tab', { name: 'Files' }).click()
      const folder = fileTree(page).getByRole('treeitem', { name: 'tides' })
      await expect(folder).toBeVisible()
      // Whoever follows the agent has it open already.
      if ((await folder.getAttribute('aria-expanded')) !== 'true') await folder.click()
      await expect(fileTree(page).getByRole('treeitem', { name: 'index.html' })).toBeVisible()
      await expect(plan(page)).toContainText('Check the result')
    }
  })

  const told = ['Shall we ask for a page about tides?', 'Build a small web page about tides', 'The page about tides is ready']

  await test.step('a refresh finds everything as it was', async () => {
    await ada.reload()
    for (const text of told) await expect(log(ada)).toContainText(text)
    await expect(plan(ada)).toContainText('Write the page about tides')
    await expect(fileTree(ada).getByRole('treeitem', { name: 'tides' })).toBeVisible()
    await expect(peopleHere(ada).getByRole('button', { name: 'Mei' })).toBeVisible()
  })

  await test.step('the server is killed in the middle of a run; everything is there and the run ends', async () => {
    await say(mei, '@agent Stream a long text of 1500 words')
    await Promise.all(both.map((page) => seesItGrow(page)))
    await server.crashAndRestart()
    for (const page of both) {
      for (const text of told) await expect(log(page)).toContainText(text)
      await expect(plan(page)).toContainText('Write the page about tides')
      await expect(page.getByRole('button', { name: /^(Stop|Cancel)/ })).toHaveCount(0, { timeout: 90_000 })
    }
    await say(ada, '@agent Who is here?')
    for (const page of both) await expect(log(page)).toContainText('I have heard from Ada and Mei', { timeout: 60_000 })
  })

  await test.step('Mei follows what Ada reads, until she does something herself', async () => {
    const said = (page: Page, text: string) => log(page).getByRole('article').getByText(text)
    const [first, last] = [said(mei, 'Shall we ask for a page about tides?'), said(mei, 'I have heard from Ada and Mei')]
    await peopleHere(mei).getByRole('button', { name: 'Ada' }).click()
    await mei.getByRole('button', { name: /^Follow/ }).click()
    await expect(mei.getByText('Following Ada').first()).toBeVisible()
    await expect(last).toBeInViewport()
    await log(ada).hover()
    await expect(async () => {
      await ada.mouse.wheel(0, -900)
      await expect(first).toBeInViewport({ timeout: 1000 })
    }).toPass()
    await expect(last).not.toBeInViewport()
    // Over the page in the workspace a wheel belongs to the page.
    await log(mei).hover()
    await mei.mouse.wheel(0, 10)
    await expect(mei.getByText('Following Ada')).toHaveCount(0)
    await ada.getByRole('button', { name: 'Jump to latest' }).click()
    await expect(said(ada, 'I have heard from Ada and Mei')).toBeInViewport()
    await expect(first).toBeInViewport()
  })

  await test.step('Mei follows the agent to the file that it writes', async () => {
    await peopleHere(mei).getByRole('button', { name: 'Builder, agent' }).click()
    await mei.getByRole('button', { name: /^Follow/ }).click()
    await expect(mei.getByText('Following Builder')).toBeVisible()
    await say(ada, '@agent Write notes.md about high water')
    await expect(mei).toHaveURL(/file=notes\.md/)
    await expect(mei.locator('.cm-content')).toContainText('high water')
    await mei.keyboard.press('Escape')
    await expect(mei.getByText('Following Builder')).toHaveCount(0)
  })
})
