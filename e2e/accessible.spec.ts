import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { setStage, type ContextOptions, type Stage } from './views/stage.ts'
import { views, type View } from './views/views.ts'

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

/** Pages and states outside a room. Those of a room follow as their panes are ready: every name of `views` may stand here. */
const pages = [
  ...['sign-in', 'sign-in-errors', 'sign-up', 'invite-dead', 'home', 'home-empty', 'home-menu', 'home-delete', 'home-no-match'],
  ...['approvals', 'approvals-empty', 'approvals-decided', 'approvals-viewer', 'agents', 'not-found', 'no-access'],
  ...['settings', 'settings-appearance', 'settings-sign-ins', 'settings-keys', 'settings-project', 'settings-project-viewer'],
]
const rooms = ['room', 'room-waiting', 'room-empty']

let stage: Stage
test.beforeAll(async () => {
  stage = await setStage()
})
test.afterAll(() => stage.stop())

const named = (name: string): View => {
  const view = views.find((one) => one.name === name)
  if (!view) throw new Error(`there is no view ${name}`)
  return view
}

/** A view as somebody sees it, once everything it waits for has come. */
async function withView(browser: Browser, name: string, options: ContextOptions, look: (page: Page) => Promise<void>) {
  const view = named(name)
  const { page, context } = await stage.open(browser, view.who && stage.people[view.who], options)
  await view.show(page, stage)
  await page.waitForLoadState('networkidle')
  await expect(page.locator('[role="status"] .pulse-loop')).toHaveCount(0)
  await look(page)
  await context.close()
}

/** What keeps somebody out, each as one readable line. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(levels).analyze()
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`).join(' | ')}`,
  )
}

/** Elements that reach beyond the window sideways, where nothing scrolls. */
const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'zh-CN'] as const) {
    test(`no page keeps anybody out (${theme}, ${language})`, async ({ browser }) => {
      test.setTimeout(300_000)
      for (const name of [...pages, ...rooms]) {
        await withView(browser, name, { ...desk, theme, language }, async (page) => {
          expect.soft(await violations(page), name).toEqual([])
          expect.soft(await page.locator('html').getAttribute('lang'), name).toBe(language)
        })
      }
    })
  }
}

test('pages fit on a phone, at 200 % and on a wall, and lose nothing', async ({ browser }) => {
  test.setTimeout(300_000)
  const sizes = [phone, { width: 360, height: 640 }, { width: 720, height: 450 }, { width: 2560, height: 1440 }]
  for (const size of sizes) {
    for (const name of pages) {
      await withView(browser, name, { ...size, theme: 'light', language: 'en' }, async (page) => {
        expect.soft(await sideways(page), `${name} at ${size.width}`).toBeLessThanOrEqual(0)
        const heading = page.getByRole('heading', { level: 1 }).first()
        if (!(await page.getByRole('dialog').count())) await expect.soft(heading, `${name} at ${size.width}`).toBeVisible()
      })
    }
  }
})

test('forced colours leave every control its edge and its name', async ({ browser }) => {
  for (const name of ['sign-in', 'home', 'approvals', 'settings']) {
    await withView(browser, name, { ...desk, theme: 'light', language: 'en' }, async (page) => {
      await page.emulateMedia({ forcedColors: 'active' })
      const bare = await page.evaluate(() =>
        [...document.querySelectorAll('main input, main textarea, main select, main button[type=submit]')]
          .filter((one) => getComputedStyle(one).borderTopStyle === 'none' && getComputedStyle(one).outlineStyle === 'none')
          .map((one) => one.outerHTML.slice(0, 80)),
      )
      expect.soft(bare, name).toEqual([])
      expect.soft(await violations(page), name).toEqual([])
    })
  }
})

test('nobody signed in is no error in the console', async ({ browser }) => {
  const { page, context } = await stage.open(browser, undefined, { ...desk, theme: 'light', language: 'en' })
  const said: string[] = []
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(said).toEqual([])
  await expect(page).toHaveTitle('Sign in · Atrium')
  await context.close()
})
