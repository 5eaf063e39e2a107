import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { setStage, type ContextOptions, type Stage } from './views/stage.ts'
import { tour } from './views/tour.ts'
import { skipUnless } from './needs.ts'
import { views as everyView, viewsHere, type View } from './views/views.ts'

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

let stage: Stage
test.beforeAll(async () => {
  stage = await setStage()
})
test.afterAll(() => stage?.stop())
test.describe.configure({ timeout: 900_000 })
test.use({ actionTimeout: 20_000 })

const views = await viewsHere()

type Look = (page: Page, view: View) => Promise<void>

/** What does not come about, and what the console complains of on the way, is a failure. */
async function lookAt(browser: Browser, seen: readonly View[], options: ContextOptions, look: Look) {
  for await (const { view, error, complaints } of tour(browser, stage, seen, options, look)) {
    expect.soft(error ? String(error) : '', view.name).toBe('')
    expect.soft(complaints, view.name).toEqual([])
  }
}

/** What keeps somebody out, each as one readable line. What runs inside a preview is not ours. */
async function violations(page: Page, look = (axe: AxeBuilder) => axe.withTags(levels)): Promise<string[]> {
  const { violations: found } = await look(new AxeBuilder({ page }).setLegacyMode().exclude('iframe')).analyze()
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`).join(' | ')}`,
  )
}

/** In the dark the same page is there in other colours: the page follows the system in place, and the rules of colour are asked again. */
async function inBothThemes(page: Page, name: string) {
  await page.emulateMedia({ colorScheme: 'light' })
  expect.soft(await violations(page), `${name}, light`).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect.soft(await violations(page, (axe) => axe.withRules(['color-contrast', 'link-in-text-block'])), `${name}, dark`).toEqual([])
}

/** How far the page reaches beyond the window sideways, where nothing scrolls. */
const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const language of ['en', 'zh-CN'] as const) {
  test(`no page and no state of a room keeps anybody out, light or dark (${language})`, async ({ browser }) => {
    await lookAt(browser, views, { ...desk, theme: 'light', language }, async (page, { name }) => {
      await inBothThemes(page, name)
      expect.soft(await page.locator('html').getAttribute('lang'), name).toBe(language)
      if (language === 'en') expect.soft(await beyondTheWindow(page), name).toEqual(nothing)
    })
  })
}

test('nor does any on a phone', async ({ browser }) => {
  await lookAt(browser, views, { ...phone, theme: 'light', language: 'en' }, async (page, { name }) => {
    await inBothThemes(page, name)
    expect.soft(await beyondTheWindow(page), `${name} at 390`).toEqual(nothing)
    await page.setViewportSize({ width: 360, height: 640 })
    expect.soft(await sideways(page), `${name} at 360`).toBeLessThanOrEqual(0)
    await page.setViewportSize(phone)
  })
})

test('at 200 % nothing is lost', async ({ browser }) => {
  await lookAt(browser, views, { width: 720, height: 450, theme: 'light', language: 'en' }, async (page, { name }) => {
    expect.soft(await sideways(page), name).toBeLessThanOrEqual(0)
    expect.soft(await outOfReach(page), name).toEqual([])
  })
})

/** Controls that stand outside the window where no scrolling brings them in. */
const outOfReach = (page: Page) =>
  page.evaluate(() => {
    const scrolls = (element: Element) => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at)
        if (/auto|scroll/.test(overflowX + overflowY) && (at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth)) return true
      }
      return document.documentElement.scrollHeight > innerHeight
    }
    return [...document.querySelectorAll('button, a[href], input, textarea, select')]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[aria-hidden="true"], .sr-only'))
      .filter((one) => {
        const { left, right, top, bottom, width } = one.getBoundingClientRect()
        return width > 1 && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) && !scrolls(one)
      })
      .map((one) => one.outerHTML.slice(0, 160))
  })

// At a desk and on a phone this is looked at on the way above.
test('the page itself never scrolls in between, however far its parts are scrolled', async ({ browser }) => {
  await lookAt(browser, views, { width: 1024, height: 768, theme: 'light', language: 'en' }, async (page, { name }) => {
    expect.soft(await beyondTheWindow(page), name).toEqual(nothing)
  })
})

const nothing = { height: 0, width: 0 }

/** Scrolls everything to its end, then says how far the document reaches beyond the window. */
const beyondTheWindow = (page: Page) =>
  page.evaluate(async () => {
    for (const one of document.querySelectorAll('body *')) {
      if (one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth) one.scrollTo({ top: 1e6, left: 1e6, behavior: 'instant' })
    }
    await new Promise(requestAnimationFrame)
    const { scrollHeight, scrollWidth } = document.scrollingElement ?? document.documentElement
    return { height: scrollHeight - innerHeight, width: scrollWidth - innerWidth }
  })

test('forced colours leave every control its edge and its name', async ({ browser }) => {
  const chosen = ['sign-in', 'home', 'approvals', 'settings', 'room', 'room-waiting']
  const seen = views.filter(({ name }) => chosen.includes(name))
  expect(seen).toHaveLength(chosen.length)
  await lookAt(browser, seen, { ...desk, theme: 'light', language: 'en' }, async (page, { name }) => {
    await page.emulateMedia({ forcedColors: 'active' })
    const bare = await page.evaluate(() =>
      [...document.querySelectorAll('main input, main textarea, main select, main button[type=submit]')]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopStyle === 'none' && getComputedStyle(one).outlineStyle === 'none')
        // The edge may be that of the box it fills.
        .filter((one) => !one.parentElement || getComputedStyle(one.parentElement).borderTopStyle === 'none')
        .map((one) => one.outerHTML.slice(0, 80)),
    )
    expect.soft(bare, name).toEqual([])
    expect.soft(await violations(page), name).toEqual([])
    await page.emulateMedia({ forcedColors: 'none' })
  })
})

for (const { name, needs } of everyView.filter((view) => view.needs)) {
  test(`${name} is among them`, async () => {
    if (needs) await skipUnless(needs)
    expect(views.map((view) => view.name)).toContain(name)
  })
}

test('nobody signed in is no error in the console', async ({ browser }) => {
  const { page, context } = await stage.open(browser, undefined, { ...desk, theme: 'light', language: 'en' })
  const said: string[] = []
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(said).toEqual([])
  await expect(page).toHaveTitle('Sign in – Atrium')
  await context.close()
})
