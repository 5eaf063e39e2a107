/**
 * `npm run screenshots [name …] [--size 390] [--theme dark]`: every page and state at three sizes, light and dark, into `.screenshots/`.
 * `--language zh-CN` takes them in Chinese.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { findBrowser } from '../server/launch/browser.ts'
import { root } from '../server/launch/root.mjs'
import { setStage } from './views/stage.ts'
import { tour } from './views/tour.ts'
import { viewsHere } from './views/views.ts'

const sizes = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1024', width: 1024, height: 768 },
  { name: '390', width: 390, height: 844 },
]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string' }, theme: { type: 'string' }, language: { type: 'string', default: 'en' } },
})
const language = values.language === 'zh-CN' ? 'zh-CN' : 'en'
const chosen = (await viewsHere()).filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const folder = join(root, '.screenshots')
await mkdir(folder, { recursive: true })

const stage = await setStage()
const browser = await chromium.launch(await findBrowser())
let failed = 0
for (const size of sizes.filter(({ name }) => name === (values.size ?? name))) {
  const fileOf = (view: string, theme: string) => `${view}-${size.name}-${theme}${language === 'en' ? '' : `-${language}`}.png`
  const seen = tour(browser, stage, chosen, { ...size, theme: 'light', language }, async (page, { name }) => {
    for (const theme of (['light', 'dark'] as const).filter((one) => one === (values.theme ?? one))) {
      await page.emulateMedia({ colorScheme: theme })
      await page.screenshot({ path: join(folder, fileOf(name, theme)) })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })
  for await (const { view, error, complaints } of seen) {
    console.log(`${view.name} ${size.name}`, ...complaints)
    if (!error) continue
    failed += 1
    console.error(String(error).split('\n').slice(0, 3).join(' '))
  }
}
await browser.close()
await stage.stop()
process.exit(failed > 0 ? 1 : 0)
