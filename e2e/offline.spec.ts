import { expect, test } from './fixtures.ts'
import { createProject, log, plan, say, signUp } from './room-page.ts'

test('what Ada does without a server outlives a reload, and reaches Mei when the server is back', async ({ ada, server }) => {
  await test.step('Ada has a room with a plan', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await say(ada, '@agent Who is here?')
    await expect(log(ada)).toContainText('You are Ada')
    await addStep(ada, 'Ask the harbour')
    await expect(ada.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
    // The interface is in the browser once its worker is at work.
    await ada.evaluate(async () => void (await navigator.serviceWorker.ready))
  })

  await test.step('the server is gone: what she adds is counted, and is there after a reload', async () => {
    await server.crash()
    await addStep(ada, 'Read the tables')
    await expect(ada.getByText(/will sync/).first()).toBeVisible()
    await ada.reload()
    await expect(plan(ada)).toContainText('Read the tables')
    await expect(plan(ada)).toContainText('Ask the harbour')
    await expect(log(ada)).toContainText('You are Ada')
    await expect(ada.getByText(/will sync/).first()).toBeVisible()
    await addStep(ada, 'Draw the curve')
    await ada.reload()
    await expect(plan(ada)).toContainText('Draw the curve')
  })

  await test.step('the server is back: everything is saved, once', async () => {
    await server.crashAndRestart()
    await expect(ada.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
    await expect(ada.getByText(/will sync/)).toHaveCount(0)
    await ada.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) if (name?.startsWith('atrium/')) indexedDB.deleteDatabase(name)
    })
    await ada.reload()
    for (const step of ['Ask the harbour', 'Read the tables', 'Draw the curve']) await expect(plan(ada).getByText(step)).toHaveCount(1)
  })
})

async function addStep(page: Parameters<typeof plan>[0], text: string) {
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(plan(page)).toContainText(text)
}
