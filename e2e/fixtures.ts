import { test as base } from '@playwright/test'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { startBalancedServers } from '../server/testing/balanced-servers.ts'
import { startCrashableServer } from '../server/testing/crashable-server.ts'
import type { CrashableServer } from '../server/testing/crashable-server.ts'
import { watchPages } from './watch-pages.ts'

/** With ATRIUM_TEST_PROCESSES=3 every journey meets so many server processes, each request and socket any of them. */
const processes = Number(process.env.ATRIUM_TEST_PROCESSES ?? 1)
const startServer = () => (processes > 1 ? startBalancedServers(processes) : startCrashableServer())

type Fixtures = {
  /** A fresh server of this test's own, with nobody in it. */
  server: CrashableServer
  /** People, each in a browser context of their own. */
  ada: Page
  mei: Page
  tomas: Page
  /** Says, when the test has failed, what its pages show and wait for. The first call says it of all. */
  tell: () => Promise<void>
}

export const test = base.extend<Fixtures>({
  tell: async ({ browser }, use, info) => {
    const watch = watchPages(browser)
    let isTold = false
    await use(async () => {
      if (isTold || info.status === info.expectedStatus) return
      isTold = true
      console.error(await watch.told())
    })
    await watch.end()
  },
  server: async ({ tell }, use, info) => {
    const server = await startServer()
    await use(server)
    await tell()
    if (info.status !== info.expectedStatus) console.error(`The server said:\n${server.output()}`)
    await server.stop()
  },
  ada: async ({ browser, server, tell }, use) => {
    await withPage(browser, server, use, tell)
  },
  mei: async ({ browser, server, tell }, use) => {
    await withPage(browser, server, use, tell)
  },
  tomas: async ({ browser, server, tell }, use) => {
    await withPage(browser, server, use, tell)
  },
})

export { expect } from '@playwright/test'

async function withPage(browser: Browser, server: CrashableServer, use: (page: Page) => Promise<void>, tell: () => Promise<void>) {
  const context: BrowserContext = await browser.newContext({ baseURL: server.url, locale: 'en-US', viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await use(page)
  await tell()
  await context.close()
}
