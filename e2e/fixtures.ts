import { test as base } from '@playwright/test'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { startCrashableServer } from '../server/testing/crashable-server.ts'
import type { CrashableServer } from '../server/testing/crashable-server.ts'

type Fixtures = {
  /** A fresh server of this test's own, with nobody in it. */
  server: CrashableServer
  /** People, each in a browser context of their own. */
  ada: Page
  mei: Page
  tomas: Page
}

export const test = base.extend<Fixtures>({
  server: async ({ browserName: _ }, use, info) => {
    const server = await startCrashableServer()
    await use(server)
    if (info.status !== info.expectedStatus) await info.attach('server output', { body: server.output(), contentType: 'text/plain' })
    await server.stop()
  },
  ada: async ({ browser, server }, use) => {
    await withPage(browser, server, use)
  },
  mei: async ({ browser, server }, use) => {
    await withPage(browser, server, use)
  },
  tomas: async ({ browser, server }, use) => {
    await withPage(browser, server, use)
  },
})

export { expect } from '@playwright/test'

async function withPage(browser: Browser, server: CrashableServer, use: (page: Page) => Promise<void>) {
  const context: BrowserContext = await browser.newContext({ baseURL: server.url, locale: 'en-US', viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await use(page)
  await context.close()
}
