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
    await signUp(ada, 'Ada')
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(ada).toHaveURL(/\/s\/ses_/)
    const address = ada.url()
    await mei.goto(await makeInvite(ada))
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
    await mei.goto(address)
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

async function write(page: Page, text: string) {
  await messageBox(page).fill(text)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(messageBox(page)).toHaveValue('')
}
