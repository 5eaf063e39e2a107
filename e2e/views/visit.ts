import { expect, type Page } from '@playwright/test'

/** Goes to a path; inside the page when it is of this place and nothing stands open in it, which is how people go there. A page with work going on never settles. */
export async function visit(page: Page, path: string, settles = true) {
  if (await mayGoInside(page)) {
    await page.evaluate((to) => history.pushState(null, '', to), path)
    await expect(page).toHaveURL((url) => url.pathname !== '/' || path === '/')
  } else await page.goto(path)
  if (settles) await settled(page)
}

/** Nothing is on its way any more. */
export async function settled(page: Page) {
  await expect(page.locator('[aria-busy="true"], .pulse-loop.bg-selected')).toHaveCount(0)
}

const mayGoInside = async (page: Page) =>
  page.url().startsWith('http') && (await page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]').count()) === 0
