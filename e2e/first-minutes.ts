/**
 * `npm run first-minutes [--language zh-CN] [--theme dark]`: the first ten minutes of two people with the demo model, as numbered pictures in
 * `.screenshots/first-minutes/`: sign up, the first task, an approval, a second person, the desktop, a phone. Each line says when it was taken.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, expect, type Locator, type Page } from '@playwright/test'
import { findBrowser } from '../server/launch/browser.ts'
import { ensureBuilt } from '../server/launch/build.mjs'
import { root } from '../server/launch/root.mjs'
import { startCrashableServer } from '../server/testing/crashable-server.ts'
import { interfaceWords } from './interface-words.ts'

const { values } = parseArgs({ options: { language: { type: 'string', default: 'en' }, theme: { type: 'string', default: 'light' } } })
const language = values.language === 'zh-CN' ? 'zh-CN' : 'en'
const colorScheme = values.theme === 'dark' ? 'dark' : 'light'
const words = { ...interfaceWords(language), ...said(language) }
const folder = join(root, '.screenshots', 'first-minutes')
await mkdir(folder, { recursive: true })

ensureBuilt(process.execPath)
const server = await startCrashableServer()
const browser = await chromium.launch(await findBrowser())
const begun = Date.now()
let taken = 0

async function person(width: number, height: number): Promise<Page> {
  const locale = language === 'en' ? 'en-US' : 'zh-CN'
  const context = await browser.newContext({ baseURL: server.url, locale, colorScheme, viewport: { width, height }, hasTouch: width < 640 })
  return context.newPage()
}

async function picture(page: Page, name: string): Promise<void> {
  taken += 1
  const file = `${String(taken).padStart(2, '0')}-${name}${language === 'en' ? '' : `-${language}`}${colorScheme === 'dark' ? '-dark' : ''}.png`
  await page.screenshot({ path: join(folder, file) })
  console.log(`${((Date.now() - begun) / 1000).toFixed(1)} s  ${file}`)
}

const log = (page: Page) => page.getByRole('log')
const seen = (what: Locator) => expect(what).toBeVisible({ timeout: 60_000 })

/** Resolves when no run goes on in the session that the page shows. */
async function ended(page: Page): Promise<void> {
  const address = `/api/sessions/${new URL(page.url()).pathname.split('/s/')[1]}`
  const status = async () => ((await (await page.request.get(address)).json()) as { run: { status: string } | null }).run?.status ?? 'completed'
  await expect.poll(status, { timeout: 120_000 }).toMatch(/^(completed|failed|cancelled)$/)
}

async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel(words.name, { exact: true }).fill(name)
  await page.getByLabel(words.email).fill(email)
  await page.getByLabel(words.password, { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: words.createAccount }).click()
}

async function say(page: Page, text: string): Promise<void> {
  const accepted = page.waitForResponse((response) => response.url().endsWith('/messages') && response.ok())
  await page.getByRole('textbox', { name: words.message }).fill(text)
  await page.getByRole('button', { name: words.send }).click()
  await accepted
}

async function approve(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: words.approve, exact: true }).first()
  await seen(button)
  await picture(page, 'approval')
  await button.click()
}

const ada = await person(1440, 900)
await ada.goto('/')
await seen(ada.getByLabel(words.email))
await picture(ada, 'first-visit')
await signUp(ada, 'Ada Okafor', 'ada@example.com')
await seen(ada.getByRole('button', { name: words.newProject }).first())
await picture(ada, 'home')

await ada.getByRole('button', { name: words.newProject }).first().click()
await ada.getByRole('dialog').getByLabel(words.projectName).fill(words.project)
await picture(ada, 'new-project')
await ada.getByRole('dialog').getByRole('button', { name: words.createProject }).click()
await seen(ada.getByRole('textbox', { name: words.message }))
await picture(ada, 'empty-room')

await say(ada, words.firstTask)
await expect(log(ada)).toContainText('index.html', { timeout: 60_000 })
await picture(ada, 'first-task-at-work')
await approve(ada)
await ended(ada)
await picture(ada, 'first-task-done')

await ada.getByRole('button', { name: words.share }).first().click()
await ada.getByRole('dialog').getByRole('button', { name: words.createLink }).click()
const link = await ada.getByRole('dialog').getByLabel(words.inviteLink).inputValue()
await picture(ada, 'invite')
await ada.keyboard.press('Escape')

const mei = await person(1440, 900)
const room = new URL(ada.url()).pathname
await mei.goto(link)
await seen(mei.getByLabel(words.email))
await picture(mei, 'invited')
await signUp(mei, 'Mei Tanaka', 'mei@example.com')
await mei.waitForURL(/\/p\/prj_/)
await mei.goto(room)
await seen(log(mei))
await picture(mei, 'second-person-arrives')

await say(mei, words.slow)
await expect(log(ada)).toContainText(words.slow)
await picture(ada, 'second-person-asks')
await say(ada, words.steer)
await expect(log(mei)).toContainText(words.steer, { timeout: 60_000 })
await picture(mei, 'first-person-steers')
await ended(ada)

await say(mei, words.chart)
await approve(mei)
await ended(ada)
await picture(ada, 'chart')

await say(ada, words.unknown)
await ended(ada)
await picture(ada, 'not-understood')

await say(ada, words.desktop)
await approve(ada)
await ada.getByRole('tab', { name: words.desktopTab }).click()
await seen(ada.getByRole('application').locator('canvas'))
await picture(ada, 'desktop-at-work')
await ended(ada)
await picture(ada, 'desktop-done')

const phone = await person(390, 844)
await phone.goto('/sign-in')
await phone.getByLabel(words.email).fill('mei@example.com')
await phone.getByLabel(words.password, { exact: true }).fill('correct horse battery staple')
await picture(phone, 'phone-sign-in')
await phone.keyboard.press('Enter')
await phone.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
await phone.goto(room)
await expect(log(phone)).toContainText(words.desktop)
await picture(phone, 'phone-talk')
for (const [name, pane] of Object.entries(words.panes).filter(([name]) => name !== 'talk')) {
  await phone.getByRole('navigation', { name: words.panesName }).getByRole('button', { name: pane }).click()
  await picture(phone, `phone-${name}`)
}

await browser.close()
await server.stop()

/** What the two people say. */
function said(of: 'en' | 'zh-CN') {
  if (of === 'zh-CN') {
    return {
      project: '潮汐',
      firstTask: '帮我做一个关于潮汐的网页',
      slow: '分 5 步慢慢做',
      steer: '每一步都简短一点',
      chart: '画一条正弦曲线',
      unknown: '法国的首都是哪里？',
      desktop: '打开桌面，点进终端',
    }
  }
  return {
    project: 'Tides',
    firstTask: 'Build a small web page about tides',
    slow: 'Take 5 steps',
    steer: 'Please keep each step short',
    chart: 'plot a sine wave',
    unknown: 'What is the capital of France?',
    desktop: 'Open the desktop and click into a terminal',
  }
}
