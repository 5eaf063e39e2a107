import { expect, test } from './fixtures.ts'
import { createProject, log, plan, say, signUp } from './room-page.ts'

test('a page that was loaded before an update says so, and what Ada makes in it is there after the reload', async ({ ada }) => {
  const notice = ada.getByRole('status').filter({ hasText: 'Atrium was updated. Reload to continue.' })
  const saved = ada.getByRole('status').filter({ hasText: /^Saved$/ })

  await test.step('Ada has a room with a plan', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await addStep('Ask the harbour')
    await expect(saved).toBeVisible()
    await expect(notice).toBeHidden()
    await ada.evaluate(async () => void (await navigator.serviceWorker.ready))
  })

  await test.step('her page speaks an old version now, and goes on with what it has', async () => {
    await ada.addInitScript(() => {
      if (localStorage.getItem('speaks-old') === null) return
      // For this one load of the page.
      localStorage.removeItem('speaks-old')
      const { WebSocket: Socket, fetch: send } = window
      const olden = (url: string | URL) => String(url).replace(/([?&]v=)\d+/, (_, before: string) => `${before}0`)
      window.WebSocket = class extends Socket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(olden(url), protocols)
        }
      }
      window.fetch = (input, init) => send(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-atrium-version': '0' } })
    })
    await ada.evaluate(() => localStorage.setItem('speaks-old', 'yes'))
    await ada.reload()
    await expect(notice).toBeVisible()
    await expect(plan(ada)).toContainText('Ask the harbour')
    await addStep('Read the tables')
    await say(ada, 'Who has the tables?')
    await expect(saved).toBeHidden()
  })

  await test.step('she reloads: all of it is saved', async () => {
    await notice.getByRole('button', { name: 'Reload' }).click()
    await expect(saved).toBeVisible()
    await expect(notice).toBeHidden()
    await expect(log(ada)).toContainText('Who has the tables?')
    // Nothing of it is only in her browser.
    await ada.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) if (name?.startsWith('atrium/')) indexedDB.deleteDatabase(name)
    })
    await ada.reload()
    for (const step of ['Ask the harbour', 'Read the tables']) await expect(plan(ada).getByText(step)).toHaveCount(1)
    await expect(log(ada)).toContainText('Who has the tables?')
  })

  async function addStep(text: string) {
    await ada.getByRole('button', { name: 'Add a step' }).click()
    await ada.keyboard.type(text)
    await ada.keyboard.press('Enter')
    await ada.keyboard.press('Escape')
    await expect(plan(ada)).toContainText(text)
  }
})
