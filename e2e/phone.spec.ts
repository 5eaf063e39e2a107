import { expect, test } from './fixtures.ts'
import { createProject, log, messageBox, plan, signUp, writeTo } from './room-page.ts'

test('on a phone Ada asks, approves and finds the plan and the files', async ({ ada }) => {
  await ada.setViewportSize({ width: 390, height: 844 })
  await ada.goto('/')
  await signUp(ada, 'Ada')
  await createProject(ada, 'Tides')

  await writeTo(ada, 'people')
  await writeTo(ada, 'Builder')
  // The first message makes the session.
  await messageBox(ada).fill('Build a small web page about tides')
  await ada.getByRole('button', { name: 'Send' }).click()
  await expect(log(ada)).toContainText('I’ll build a small page about tides')

  const panes = ada.getByRole('navigation', { name: 'Panes' })
  await panes.getByRole('button', { name: 'Approvals' }).click()
  await ada.getByRole('button', { name: 'Approve', exact: true }).click({ timeout: 60_000 })
  await expect(ada.getByText('Nothing waits for you')).toBeVisible()

  await panes.getByRole('button', { name: 'Plan' }).click()
  await expect(plan(ada)).toContainText('Write the page about tides')
  await panes.getByRole('button', { name: 'Workspace' }).click()
  await expect(ada.getByRole('treeitem', { name: 'tides' })).toBeVisible()
  await panes.getByRole('button', { name: 'Talk' }).click()
  await expect(log(ada)).toContainText('The page about tides is ready', { timeout: 60_000 })

  // A terminal that is opened here has the columns that fit; one of a wider screen is drawn smaller, not cut.
  await panes.getByRole('button', { name: 'Workspace' }).click()
  await ada.getByRole('tab', { name: 'Terminal' }).click()
  await ada.getByRole('button', { name: 'Open a terminal' }).click()
  const right = () => ada.locator('.xterm-screen').evaluate((screen) => screen.getBoundingClientRect().right)
  const size = () => ada.locator('.xterm-rows').evaluate((rows) => getComputedStyle(rows).fontSize)
  await expect(ada.locator('.xterm-rows')).toContainText('$')
  expect([await size(), (await right()) <= 378]).toEqual(['12.5px', true])
  await ada.locator('.xterm-screen').click()
  await ada.keyboard.type('echo high-water\n')
  await expect(ada.locator('.xterm-rows')).toContainText('high-water')
  await ada.evaluate(async () => {
    const body = JSON.stringify({ title: 'Wide', cols: 80, rows: 24 })
    await fetch(`/api/projects/${location.pathname.split('/')[2]}/terminals`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  })
  await ada.getByRole('button', { name: 'Wide', exact: true }).click()
  await expect.poll(size).toBe('7.5px')
  expect(await right()).toBeLessThanOrEqual(378)

  // Nothing is wider than the screen.
  expect(await ada.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
