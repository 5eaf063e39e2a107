import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, log, makeInvite, messageBox, signUp } from './room-page.ts'

/** The window is behind another one, or in front again. A browser that is driven calls every page the one in front. */
const behind = (page: Page, hidden: boolean) =>
  page.evaluate((to) => {
    document.hasFocus = () => !to
    window.dispatchEvent(new Event(to ? 'blur' : 'focus'))
  }, hidden)

const icon = (page: Page) => page.evaluate(() => document.querySelector('link[rel="icon"]')?.getAttribute('href') ?? '')

test('Ada’s window is behind another when Mei names her: its tab says so, and stops when she looks', async ({ ada, mei, server }) => {
  await test.step('both are in a session, and the tab has its name', async () => {
    await ada.goto(server.url)
    await meetInSession(ada, mei)
    await expect(ada).toHaveTitle(/^.+ · Tides – Atrium$/)
  })
  const plain = await icon(ada)
  const name = await ada.title()

  await test.step('a message that names nobody is not counted, one that names her is', async () => {
    await behind(ada, true)
    await write(mei, 'Nobody is named here')
    await expect(log(ada)).toContainText('Nobody is named here')
    await write(mei, '@Ada, is the moon right?')
    await expect(ada).toHaveTitle(/^\(1\) .+ · Tides – Atrium$/)
    expect(await icon(ada)).toContain('data:image/svg+xml')
  })

  await test.step('it is counted after a reload as well, as long as she has not looked', async () => {
    await ada.addInitScript(() => {
      document.hasFocus = () => false
    })
    await ada.reload()
    await expect(ada).toHaveTitle(/^\(1\) .+ · Tides – Atrium$/)
  })

  await test.step('she looks: the tab is as it was', async () => {
    await behind(ada, false)
    await expect(ada).toHaveTitle(/^[^(].* · Tides – Atrium$/)
    expect(await icon(ada)).toBe(plain)
    expect(name).not.toMatch(/^\(/)
    await expect(mei).toHaveTitle(/^[^(].* · Tides – Atrium$/)
  })
})

test('Ada lets the browser tell her: one notification for a mention, and it leads to the session', async ({ ada, mei, server }) => {
  await ada.context().grantPermissions(['notifications'], { origin: server.url })
  await ada.addInitScript(keepNotifications)
  await ada.goto(server.url)
  const permission = await ada.evaluate(() => Notification.permission)
  test.skip(permission !== 'granted', 'needs browser: this one shows no notifications: apt install chromium')
  const address = await meetInSession(ada, mei)

  await test.step('she switches them on, and goes elsewhere', async () => {
    await ada.goto('/settings?section=notices')
    await ada.getByRole('switch', { name: 'Show notifications' }).click()
    await expect(ada.getByRole('switch', { name: 'Show notifications' })).toBeChecked()
    await behind(ada, true)
  })

  await test.step('Mei names her: the browser shows it once, with who and what', async () => {
    await write(mei, '@Ada, is the moon right?')
    await expect.poll(() => shown(ada)).toEqual([expect.stringMatching(/^Mei mentioned you · @Ada, is the moon right\?/)])
  })

  await test.step('a press on it opens the session, where nothing is new any more', async () => {
    await behind(ada, false)
    await ada.evaluate(() => window.dispatchEvent(new Event('press-notification')))
    await expect(ada).toHaveURL(address)
    await expect(log(ada)).toContainText('is the moon right?')
    await expect(ada).toHaveTitle(/^[^(].* · Tides – Atrium$/)
  })
})

/** Notes each notification that the page shows beside showing it: no page can look at them, and a driven browser has no place for them. */
function keepNotifications() {
  const shown: string[] = []
  Object.assign(window, { shown })
  window.Notification = class extends Notification {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      shown.push(`${title} · ${options?.body}`)
      window.addEventListener('press-notification', () => this.dispatchEvent(new Event('click')))
    }
  }
}
const shown = (page: Page) => page.evaluate(() => (window as Window & { shown?: string[] }).shown)

/** Both sign up, and are in the one session of Ada's project. @returns its address */
async function meetInSession(ada: Page, mei: Page): Promise<string> {
  await signUp(ada, 'Ada')
  await createProject(ada, 'Tides')
  await ada.getByRole('button', { name: 'New session' }).first().click()
  await expect(ada).toHaveURL(/\/s\/ses_/)
  const address = ada.url()
  await mei.goto(await makeInvite(ada))
  await signUp(mei, 'Mei')
  await expect(mei).toHaveURL(/\/p\/prj_/)
  await mei.goto(address)
  return address
}

async function write(page: Page, text: string) {
  await messageBox(page).fill(text)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(messageBox(page)).toHaveValue('')
}
