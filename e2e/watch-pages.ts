import type { Browser, BrowserContext, Page, Request } from '@playwright/test'

/** What a page says of itself, for whoever reads only the output of a test that failed. */
type Watched = { page: Page; unanswered: Map<Request, number>; said: string[] }

const sayings = 30

/** Follows the pages that a browser opens from now on: what they asked for without an answer, and what stands in their console. */
export function watchPages(browser: Browser): { told(): Promise<string>; end(): Promise<void> } {
  const before = new Set(browser.contexts())
  const watched: Watched[] = []
  const add = (page: Page) => watched.push(watch(page))
  const addContext = (context: BrowserContext) => {
    if (!before.has(context)) context.on('page', add)
  }
  browser.on('context', addContext)
  return {
    told: async () => (await Promise.all(watched.map(tell))).join('\n'),
    /** Nothing of a test goes on in the next one. */
    async end() {
      browser.off('context', addContext)
      const opened = browser.contexts().filter((context) => !before.has(context))
      await Promise.all(opened.map((context) => context.close()))
    },
  }
}

function watch(page: Page): Watched {
  const unanswered = new Map<Request, number>()
  const said: string[] = []
  const say = (text: string) => {
    said.push(text.slice(0, 400))
    if (said.length > sayings) said.shift()
  }
  page.on('request', (request) => unanswered.set(request, Date.now()))
  page.on('requestfinished', (request) => unanswered.delete(request))
  page.on('requestfailed', (request) => {
    unanswered.delete(request)
    say(`${request.method()} ${request.url()} failed: ${request.failure()?.errorText}`)
  })
  page.on('console', (message) => say(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => say(`thrown: ${error.message}`))
  page.on('crash', () => say('the page crashed'))
  return { page, unanswered, said }
}

async function tell({ page, unanswered, said }: Watched): Promise<string> {
  const waits = [...unanswered].map(([request, since]) => `${request.method()} ${request.url()} unanswered for ${Date.now() - since} ms`)
  const shows = page.isClosed()
    ? 'closed'
    : await page
        .locator('body')
        .ariaSnapshot({ timeout: 2_000 })
        .catch((error: unknown) => String(error))
  return [`page at ${page.url()}`, ...waits, ...said, shows.slice(0, 6_000)].join('\n  ')
}
