/**
 * `npm run screenshots [name …]`: every page and state at three sizes, light and dark, into `.screenshots/`. `ATRIUM_SCREENSHOT_LANGUAGE=zh-CN`
 * takes them in Chinese.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { findBrowser } from '../server/launch/browser.ts'
import { root } from '../server/launch/root.mjs'
import { setStage } from './views/stage.ts'
import { views } from './views/views.ts'

const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1024', width: 1024, height: 768 },
  { name: '390', width: 390, height: 844 },
]
const language = process.env.ATRIUM_SCREENSHOT_LANGUAGE === 'zh-CN' ? 'zh-CN' : 'en'
const chosen = process.argv.slice(2)
const folder = join(root, '.screenshots')
await mkdir(folder, { recursive: true })

const stage = await setStage()
const browser = await chromium.launch(await findBrowser())
let failed = 0
for (const size of sizes) {
  for (const theme of ['light', 'dark'] as const) {
    for (const view of views.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
      const { page, context } = await stage.open(browser, view.who && stage.people[view.who], { ...size, theme, language })
      const file = `${view.name}-${size.name}-${theme}${language === 'en' ? '' : `-${language}`}.png`
      try {
        await view.show(page, stage)
        await page.waitForLoadState('networkidle')
        await page.screenshot({ path: join(folder, file) })
        console.log(file)
      } catch (error) {
        failed += 1
        console.error(`${file}: ${String(error).split('\n').slice(0, 3).join(' ')}`)
        await page.screenshot({ path: join(folder, `failed-${file}`) })
      }
      await context.close()
    }
  }
}
await browser.close()
await stage.stop()
process.exit(failed > 0 ? 1 : 0)
