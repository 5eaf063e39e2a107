/** `npm run picture`: the picture of the README, light and dark: three people and an agent at work in one room. */
import { join } from 'node:path'
import { chromium, expect, type Page } from '@playwright/test'
import { findBrowser } from '../server/launch/browser.ts'
import { root } from '../server/launch/root.mjs'
import { messageBox, plan } from './room-page.ts'
import { ended, say } from './views/stage-say.ts'
import { setStage, type Stage } from './views/stage.ts'

const stage = await setStage()
const browser = await chromium.launch(await findBrowser())
const { ada, mei, tomas } = stage.people
const file = 'src/regions.ts'

/** The agent edits, runs and is in the middle of a sentence; the file is open, so that what it writes is seen as its own. */
async function work({ model, projectId }: Stage, sessionId: string) {
  model.queue(
    (reply) => reply.toolCall('read_file', { path: file }).toolCall('search_files', { pattern: 'Direct' }).usage(9200, 240).finish(),
    (reply) => reply.delta('The chart and the tiles can read from one list. Which copy of a repeated order should I keep?').finish(),
  )
  const asked = await say(mei, sessionId, '@agent The totals in `data/orders_2025.csv` are right now. Next come filters for region and rep.')
  await ended({ ada, projectId }, sessionId, asked.runId)
  model.queue(
    (reply) =>
      reply
        .toolCall('edit_file', {
          path: 'scripts/clean.py',
          old: 'df["region"] = df["region"].fillna("Direct")',
          new: 'df["region"] = df["region"].str.strip()\ndf["region"] = df["region"].fillna("Direct")',
        })
        .finish(),
    (reply) =>
      reply
        .toolCall('edit_file', {
          path: file,
          old: '  return months;\n}\n',
          new: '  return months;\n}\n\nexport function reps(orders: Order[]) {\n  return [...new Set(orders.map((o) => o.rep))].sort();\n}\n',
        })
        .finish(),
  )
  await say(tomas, sessionId, '@agent Keep the latest copy. No region means a `Direct` sale.')
}

const session = async (title: string) => (await ada.json<{ id: string }>('POST', `/api/projects/${stage.projectId}/sessions`, { title })).id
const sessionId = await session('Filters for the chart')
const open = async (who: typeof ada) => {
  const { page } = await stage.open(browser, who, { width: 1440, height: 900, theme: 'light', language: 'en' })
  await page.goto(`/p/${stage.projectId}/s/${sessionId}?file=${file}`)
  await expect(page.locator('.cm-line').first()).toBeVisible()
  return page
}
const [hers, meis, tomass] = [await open(ada), await open(mei), await open(tomas)] as [Page, Page, Page]
await work(stage, sessionId)
const reply = await stage.model.nextRequest()
reply.delta('Region and rep are filters now, and `reps()` lists who sold. Next the tiles: revenue, orders and the average order read from one')
await expect(hers.getByText('read from one')).toBeVisible()
await say(mei, sessionId, '@agent Add a button that downloads the filtered rows', 'queue')

await meis.locator('.cm-line', { hasText: '"North", "South"' }).click()
await meis.keyboard.press('End')
for (const page of [hers, tomass]) await page.getByRole('radio', { name: 'All', exact: true }).click()
await plan(tomass).getByText('Check totals against the finance sheet').click()
await messageBox(hers).fill('@agent Show euros without cents.')
await expect(hers.getByText('Tomás is editing')).toBeVisible()
await expect(hers.locator('.cm-content')).toContainText('reps(orders')
for (const theme of ['light', 'dark'] as const) {
  await hers.emulateMedia({ colorScheme: theme })
  await hers.screenshot({ path: join(root, 'client', 'ui', theme === 'light' ? 'screenshot.png' : 'screenshot-dark.png') })
}
reply.finish()
await browser.close()
await stage.stop()
