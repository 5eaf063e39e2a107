import { chromium } from '@playwright/test'
import { AxeBuilder } from '@axe-core/playwright'
import { signUp, join as joinProject } from '../server/testing/people.ts'
import { startCrashableServer } from '../server/testing/crashable-server.ts'
const out = '/tmp/atrium/mspeed/shots'
const server = await startCrashableServer({ ATRIUM_SIGNUP: 'open' })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const ada = await signUp(server.url, { name: 'Ada Okafor', email: 'ada@example.com' })
  const jonas = await signUp(server.url, { name: 'Jonas', email: 'jonas@example.com' })
  const { id } = await ada.json<{ id: string }>('POST', '/api/projects', { name: 'Sales dashboard' })
  await joinProject(ada, id, jonas, 'viewer')
  const b = performance.now()
  await ada.fetch(`/api/projects/${id}/files/a.txt`, { method: 'PUT', body: 'x' })
  console.log('first file write through the API', Math.round(performance.now() - b))
  const axeOf = async (page: any, name: string) => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    for (const v of violations)
      console.log('AXE', name, v.id, v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary?.slice(0, 200)).join(' | '))
  }
  for (const [who, person] of [
    ['ada', ada],
    ['jonas', jonas],
  ] as const)
    for (const width of [1440])
      for (const theme of ['light'] as const)
        for (const locale of ['en-US', 'zh-CN'] as const) {
          if (locale === 'zh-CN' && (who === 'jonas' || theme === 'dark')) continue
          if (who === 'jonas' && theme === 'dark') continue
          const context = await browser.newContext({
            baseURL: server.url,
            locale,
            colorScheme: theme,
            viewport: { width, height: width === 390 ? 844 : 900 },
            hasTouch: width === 390,
            isMobile: width === 390,
          })
          const [name, ...value] = person.cookie.split(';')[0]!.split('=')
          await context.addCookies([{ name: name!, value: value.join('='), url: server.url }])
          const page = await context.newPage()
          page.on('console', (m) => m.type() === 'error' && console.log('console', m.text().slice(0, 200)))
          await page.goto(`/settings/${id}`)
          const h = page.getByRole('heading', { name: locale === 'en-US' ? 'Sandbox' : '沙盒', exact: true })
          await h.waitFor()
          await page
            .locator('dl dd')
            .first()
            .waitFor({ timeout: 15000 })
            .catch(() => console.log('no usage'))
          await h.evaluate((n) => n.scrollIntoView())
          await page.screenshot({ path: `${out}/${who}-${width}-${theme}-${locale}.png` })
          await axeOf(page, `${who}-${width}-${theme}`)
          if (who === 'ada' && locale === 'en-US' && theme === 'light') {
            await page.getByRole('textbox', { name: 'Memory, MiB' }).fill('1')
            await page.getByRole('textbox', { name: 'Processes' }).fill('many')
            await page.getByRole('textbox', { name: 'Processor cores' }).fill('70')
            await page.getByRole('heading', { name: 'Limits' }).evaluate((n) => n.scrollIntoView())
            await page.screenshot({ path: `${out}/wrong-${width}.png` })
            await axeOf(page, 'wrong')
            await page.getByRole('button', { name: 'Delete the sandbox' }).click()
            await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor()
            await page.screenshot({ path: `${out}/delete-${width}.png` })
            await axeOf(page, 'delete')
          }
          await context.close()
        }
} finally {
  await browser.close()
  await server.stop()
}
