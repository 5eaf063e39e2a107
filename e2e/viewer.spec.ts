import { expect, test } from './fixtures.ts'
import { createProject, log, makeInvite, messageBox, plan, say, signUp } from './room-page.ts'

test('a viewer sees everything and can do nothing, until an owner lets them', async ({ ada, mei }) => {
  await ada.goto('/')
  await signUp(ada, 'Ada')
  await createProject(ada, 'Tides')
  await ada.getByRole('button', { name: 'New session' }).first().click()
  await expect(log(ada)).toBeVisible()
  const session = new URL(ada.url()).pathname
  await mei.goto(await makeInvite(ada, 'viewer'))
  await signUp(mei, 'Mei')
  await expect(mei).toHaveURL(/\/p\/prj_/)
  await mei.goto(session)

  await say(ada, '@agent Build a small web page about tides')
  const card = mei.getByRole('article', { name: /^Approval/ })
  await test.step('Mei sees the plan, the words and the request', async () => {
    await expect(card).toContainText('Only editors can approve.', { timeout: 60_000 })
    await expect(plan(mei)).toContainText('Write the page about tides')
  })

  await test.step('nothing in the room lets her act', async () => {
    await expect(messageBox(mei)).toBeDisabled()
    await expect(messageBox(mei)).toHaveAttribute('placeholder', /Ask an owner/)
    for (const name of [/^Approve/, 'Deny', 'Edit']) await expect(card.getByRole('button', { name })).toHaveCount(0)
    for (const name of ['Send', 'New session', 'Add a step', 'Interrupt', 'Stop the run'])
      await expect(mei.getByRole('button', { name, exact: true })).toHaveCount(0)
    await mei.getByRole('button', { name: 'Session', exact: true }).click()
    await expect(mei.getByRole('menuitem')).toHaveText(['Pin'])
    await mei.keyboard.press('Escape')
    for (const step of await plan(mei).getByRole('button').all()) await expect(step).toBeDisabled()
  })

  await test.step('she may ask Ada to decide, and Ada hears of it', async () => {
    await card.getByRole('button', { name: 'Ask Ada' }).click()
    await expect(card).toContainText('You asked Ada')
    await expect(ada.getByText('Mei asked you to decide').first()).toBeVisible()
  })

  await test.step('Ada lets viewers write to people; the agent hears nothing of it', async () => {
    await ada.goto(session.replace(/^\/p\/([^/]+).*/, '/settings/$1'))
    await ada.getByRole('checkbox', { name: 'Viewers can write to people' }).check()
    await ada.goto(session)
    await expect(messageBox(mei)).toBeEnabled()
    await expect(mei.getByRole('combobox', { name: 'To', exact: true })).toHaveCount(0)
    await expect(mei.getByRole('radiogroup')).toHaveCount(0)
    await say(mei, '@agent looks right to me')
    await expect(log(ada).getByRole('article').filter({ hasText: '@agent looks right to me' })).toContainText('To people')
    await expect(mei.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0)
  })

  await test.step('Ada makes her an editor, and she approves at once', async () => {
    await ada.getByRole('button', { name: 'Share' }).click()
    await ada.getByRole('combobox', { name: 'Role of Mei' }).selectOption('editor')
    await card.getByRole('button', { name: 'Approve', exact: true }).click()
    await expect(log(mei)).toContainText('The page about tides is ready', { timeout: 60_000 })
    await expect(messageBox(mei)).toBeEnabled()
  })
})
