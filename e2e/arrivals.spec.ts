import type { Browser, Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { interfaceWords, type Language } from './interface-words.ts'

/** Three people, each arriving later than the other, in the midst of what the agent does. */
const worlds = [
  { name: 'at a desk', language: 'en', width: 1440, height: 900 },
  { name: 'on a phone', language: 'en', width: 390, height: 844 },
  { name: 'at a desk, in Chinese', language: 'zh-CN', width: 1440, height: 900 },
  { name: 'on a phone, in Chinese', language: 'zh-CN', width: 390, height: 844 },
] as const

const said = {
  en: {
    firstTask: 'Build a small web page about tides',
    heading: /tides/i,
    slowTask: 'Take 9 steps',
    steering: 'Name the high water first',
    toPeople: '@Ada shall we add a picture?',
  },
  'zh-CN': {
    firstTask: '帮我做一个关于潮汐的网页',
    heading: /潮汐/,
    slowTask: '分 9 步慢慢做',
    steering: '先写高潮的时间',
    toPeople: '@Ada 我们要不要加一张图？',
  },
}

type World = (typeof worlds)[number]

/** What one person does and sees, in their language and on their screen. */
function seat(page: Page, { language, width }: World) {
  const words = interfaceWords(language)
  const phone = width < 640
  const log = page.getByRole('log')
  const to = page.getByRole('combobox', { name: words.to, exact: true })
  const menu = page.getByRole('button', { name: words.more })
  const choice = (label: string) => page.getByRole('menuitemradio', { name: label })
  return {
    page,
    log,
    pane: async (name: 'talk' | 'workspace') => {
      if (phone) await page.getByRole('navigation', { name: words.panesName }).getByRole('button', { name: words.panes[name] }).click()
    },
    async signUp(name: string) {
      await page.getByLabel(words.name, { exact: true }).fill(name)
      await page.getByLabel(words.email).fill(`${name.toLowerCase()}@example.com`)
      await page.getByLabel(words.password, { exact: true }).fill('correct horse battery staple')
      await page.getByRole('button', { name: words.createAccount }).click()
    },
    async createProject(name: string) {
      await page.getByRole('button', { name: words.newProject }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(words.projectName).fill(name)
      await dialog.getByRole('button', { name: words.createProject }).click()
      await expect(dialog).toBeHidden()
    },
    async invite() {
      await page.getByRole('button', { name: words.share, exact: true }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: words.createLink }).click()
      const link = await dialog.getByLabel(words.inviteLink).inputValue()
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
      return link
    },
    async say(text: string) {
      await page.getByRole('textbox', { name: words.message }).fill(text)
      await page.getByRole('button', { name: words.send }).click()
      await expect(log).toContainText(text)
    },
    approve: () => page.getByRole('button', { name: words.approve, exact: true }).first().click({ timeout: 60_000 }),
    /** The composer writes to the agent, or to the people. */
    async addresses(whom: 'agent' | 'people') {
      const label = whom === 'agent' ? words.toAgent('Builder') : words.toPeople
      if (!phone) return expect(to.locator('option:checked')).toHaveText(label)
      await menu.click()
      await expect(choice(whom === 'agent' ? 'Builder' : words.people)).toBeChecked()
      await page.keyboard.press('Escape')
    },
    async writeTo(whom: 'agent' | 'people') {
      if (!phone) return to.selectOption({ label: whom === 'agent' ? words.toAgent('Builder') : words.toPeople })
      await menu.click()
      await choice(whom === 'agent' ? 'Builder' : words.people).click()
    },
    steering: page.getByRole('radiogroup', { name: words.howRead }),
    steer: page.getByRole('radio', { name: words.steer }),
    openMade: page.getByRole('button', { name: words.openThePage }).last(),
    madePage: page.locator('#tab-panel').frameLocator('iframe:not([aria-hidden])'),
  }
}

async function arrive(browser: Browser, url: string, world: World) {
  const context = await browser.newContext({
    baseURL: url,
    locale: world.language === 'en' ? 'en-US' : 'zh-CN',
    viewport: { width: world.width, height: world.height },
    hasTouch: world.width < 640,
  })
  return seat(await context.newPage(), world)
}

const textOf = (language: Language) => said[language]
const shown = (what: Locator) => expect(what).toBeVisible({ timeout: 60_000 })

for (const world of worlds) {
  test(`Ada, then Mei, then Tomás: whoever arrives disturbs nothing (${world.name})`, async ({ browser, server }) => {
    const text = textOf(world.language)
    const phone = world.width < 640
    const ada = await arrive(browser, server.url, world)

    await test.step('Ada is alone: her first task ends on the page it made', async () => {
      await ada.page.goto('/')
      await ada.signUp('Ada')
      await ada.createProject('Tides')
      await ada.addresses('agent')
      await ada.say(text.firstTask)
      await ada.approve()
      await shown(ada.openMade)
      if (phone) await ada.openMade.click()
      await expect(ada.madePage.getByRole('heading').first()).toContainText(text.heading, { timeout: 60_000 })
      await ada.pane('talk')
    })

    const invite = await ada.invite()
    const room = new URL(ada.page.url()).pathname
    const mei = await arrive(browser, server.url, world)

    await test.step('Mei arrives while the agent works; Ada still writes to it, and both see how to steer', async () => {
      await ada.say(text.slowTask)
      await shown(ada.steering)
      await mei.page.goto(invite)
      await mei.signUp('Mei')
      await mei.page.waitForURL(/\/p\/prj_/)
      await mei.page.goto(room)
      for (const person of [ada, mei]) {
        await person.addresses('agent')
        await shown(person.steering)
      }
    })

    await test.step('Ada reloads in the midst, and steers without naming the agent', async () => {
      await ada.page.reload()
      await ada.addresses('agent')
      await expect(ada.steer).toBeChecked()
      await ada.say(text.steering)
      await expect(mei.log).toContainText(text.steering)
      await expect.poll(() => toAgent(ada.page, text.steering)).toBe(true)
    })

    const tomas = await arrive(browser, server.url, world)

    await test.step('Tomás arrives last, writes to the people, and stays with them over a reload', async () => {
      await tomas.page.goto(invite)
      await tomas.signUp('Tomas')
      await tomas.page.waitForURL(/\/p\/prj_/)
      await tomas.page.goto(room)
      await tomas.writeTo('people')
      await tomas.page.reload()
      await tomas.addresses('people')
      await ada.addresses('agent')
    })

    await test.step('Ada, who looks elsewhere, is told that she was mentioned, until she looks', async () => {
      await ada.page.goto('/')
      await tomas.say(text.toPeople)
      await expect(ada.page).toHaveTitle(/^\(1\)/, { timeout: 30_000 })
      await ada.page.goto(room)
      await expect(ada.log).toContainText(text.toPeople)
      await expect(ada.page).not.toHaveTitle(/^\(/)
      expect(await toAgent(ada.page, text.toPeople)).toBe(false)
    })

    await test.step('everybody finds the same conversation, and nothing is wider or higher than the screen', async () => {
      for (const { page, log } of [ada, mei, tomas]) {
        for (const one of [text.steering, text.toPeople]) await expect(log).toContainText(one)
        const [width, height] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])
        expect([width, height]).toEqual([world.width, world.height])
        await page.context().close()
      }
    })
  })
}

/** Whether the message with this text went to the agent; undefined while it is not in the session. */
async function toAgent(page: Page, text: string): Promise<boolean | undefined> {
  const answer = await page.request.get(`/api/sessions/${new URL(page.url()).pathname.split('/s/')[1]}/items?limit=100`)
  const { items } = (await answer.json()) as { items: { type: string; text?: string; to?: string }[] }
  const found = items.find((item) => item.type === 'message' && item.text === text)
  return found && found.to === 'agent'
}
