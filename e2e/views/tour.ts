import type { Browser, Page } from '@playwright/test'
import type { ContextOptions, Stage } from './stage.ts'
import type { View } from './views.ts'

/** What a look at one view came to: an error when it did not come about, and what the browser's console said on the way. */
export type Seen = { view: View; error?: unknown; complaints: readonly string[] }

/** Shows the views that differ at this size one after the other, each person with one page for all of theirs. */
export async function* tour(
  browser: Browser,
  stage: Stage,
  views: readonly View[],
  options: ContextOptions,
  look: (page: Page, view: View) => Promise<void>,
): AsyncGenerator<Seen> {
  const size = options.width >= 960 ? 'wide' : 'narrow'
  const right = views.filter(({ only = size }) => only === size)
  for (const who of new Set(right.map((view) => view.who))) {
    const { page, context } = await stage.open(browser, who && stage.people[who], options)
    let complaints: string[] = []
    page.on('console', (message) => {
      // What looks for barriers tries a script in each frame; that a page of output runs none is as it should be.
      if (message.type() !== 'error' || message.location().url === 'about:srcdoc') return
      complaints.push(`${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    for (const view of right.filter((one) => one.who === who)) {
      complaints = []
      let failed: { error?: unknown } = {}
      try {
        await view.show(page, stage)
        await look(page, view)
      } catch (error) {
        failed = { error }
      }
      try {
        await view.leave?.(page)
      } catch (error) {
        failed = { error: failed.error ?? error }
      }
      if (failed.error) await page.goto('about:blank')
      yield { view, ...failed, complaints: view.refused ? [] : complaints }
    }
    await context.close()
  }
}
