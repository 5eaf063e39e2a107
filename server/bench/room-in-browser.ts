import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { findBrowser } from '../launch/browser.ts'

/** A page of a person who is signed in, in a browser of its own. */
export async function openPage(url: string, account: { email: string; password: string }): Promise<{ page: Page; browser: Browser }> {
  const found = await findBrowser()
  const browser = await chromium.launch({
    ...found,
    args: [...(found?.args ?? []), '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  })
  const context = await browser.newContext({ baseURL: url, locale: 'en-US', viewport: { width: 1440, height: 900 } })
  const signedIn = await context.request.post('/api/auth/sign-in', { data: account, headers: { origin: url } })
  if (!signedIn.ok()) throw new Error(`signing in answered ${signedIn.status()}`)
  return { page: await context.newPage(), browser }
}

/** Megabytes of JavaScript heap in use, after a collection. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1e6
}
