import { startCrashableServer } from '../server/testing/crashable-server.ts'
import { expect, test } from './fixtures.ts'

test('from elsewhere the first account needs the setup code, which the link that the server prints carries', async ({ browser }) => {
  const server = await startCrashableServer({ ATRIUM_TRUSTED_PROXIES: 'loopback' })
  const context = await browser.newContext({ baseURL: server.url, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto('/')
  await expect(page.getByLabel('Setup code')).toBeFocused()
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill('correct horse')
  await page.getByLabel('Setup code').fill('abcde')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('alert')).toContainText('This setup code is wrong.')

  const link = /http:\S+#setup=\S+/.exec(server.output())?.[0] ?? ''
  const linked = await context.newPage()
  await linked.goto(link)
  await expect(linked.getByLabel('Setup code')).toHaveValue(link.split('=')[1] ?? '')
  await linked.getByLabel('Name').fill('Ada')
  await linked.getByLabel('Email').fill('ada@example.com')
  await linked.getByLabel('Password').fill('correct horse')
  await linked.getByRole('button', { name: 'Create account' }).click()
  await linked.waitForURL(`${server.url}/`)
  await context.close()
  await server.stop()
})

test('a page of a preview cannot set a cookie of ours on localhost', async ({ browser, server }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const { port } = new URL(server.url)
  await page.goto(`http://${'a'.repeat(26)}.localhost:${port}/`)
  await page.evaluate(() => {
    for (const domain of ['localhost', '.localhost']) document.cookie = `atrium_session=tossed; domain=${domain}; path=/`
    document.cookie = 'own=1; path=/'
  })
  expect(await context.cookies()).toMatchObject([{ name: 'own' }])
  const { cookie = '' } = (await (await page.goto(`http://localhost:${port}/`))?.request().allHeaders()) ?? {}
  expect(cookie).toBe('')
  await context.close()
})
