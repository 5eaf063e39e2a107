import { expect, type BrowserContext, type Page } from '@playwright/test'
import type { RequestKind } from './stage-requests.ts'
import type { Stage } from './stage.ts'
import { settled, visit } from './visit.ts'
import type { View } from './views.ts'

const request = (page: Page) => page.getByRole('log').first().locator('article[data-approval-id]').last()

async function goTo(page: Page, stage: Stage, kind: RequestKind) {
  const { projectId, sessions } = await stage.requests()
  await visit(page, `/p/${projectId}/s/${sessions[kind]}`)
  await expect(page.getByRole('log').first()).toBeVisible()
}

/** A request that waits, where its step stands. */
const waiting =
  (kind: RequestKind): View['show'] =>
  async (page, stage) => {
    await goTo(page, stage, kind)
    await expect(request(page)).toBeVisible()
    await settled(page)
  }

/** One that was decided, and what the agent said then. */
const decided =
  (kind: RequestKind, said: string): View['show'] =>
  async (page, stage) => {
    await goTo(page, stage, kind)
    await expect(page.getByText(said)).toBeVisible()
    await settled(page)
  }

let others: BrowserContext | undefined

/** Somebody else edits the request at the same time. */
const beingEdited: View['show'] = async (page, stage) => {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser of its own')
  const mei = await stage.open(browser, stage.people.mei, { width: 1440, height: 900, theme: 'light', language: 'en' })
  others = mei.context
  await goTo(mei.page, stage, 'high')
  await request(mei.page).getByRole('button', { name: 'Edit' }).click()
  await waiting('high')(page, stage)
  await expect(page.getByText(/^Mei (is editing|正在编辑)/).first()).toBeVisible()
}

const editing: View['show'] = async (page, stage) => {
  await waiting('medium')(page, stage)
  await request(page)
    .getByRole('button', { name: /^(Edit|编辑)$/ })
    .click()
  await expect(request(page).getByRole('textbox').first()).toBeFocused()
}

/** Cards of requests, in every state of their own. They make a project, so they come last. */
export const requestViews: readonly View[] = [
  { name: 'request-low', who: 'ada', show: waiting('low') },
  { name: 'request-medium', who: 'ada', show: waiting('medium') },
  { name: 'request-high', who: 'ada', show: waiting('high') },
  { name: 'request-download', who: 'ada', show: waiting('unreadable') },
  { name: 'request-edited', who: 'ada', show: waiting('edited') },
  { name: 'request-editing', who: 'ada', show: editing },
  { name: 'request-being-edited', who: 'ada', show: beingEdited, leave: async () => others?.close() },
  { name: 'request-desktop', who: 'ada', show: waiting('desktop') },
  { name: 'request-allowed-for-run', who: 'ada', show: waiting('allowed') },
  { name: 'request-denied', who: 'ada', show: decided('denied', 'I leave the data alone.') },
  { name: 'request-by-key', who: 'ada', show: decided('byKey', 'It is published.') },
  {
    name: 'requests-home',
    who: 'ada',
    async show(page, stage) {
      await stage.requests()
      await visit(page, '/')
      await expect(page.getByRole('main').getByRole('table').getByText('Help centre rewrite')).toBeVisible()
      // Beside the list there is room for requests on a wide screen only.
      if ((page.viewportSize()?.width ?? 0) >= 1240) await expect(page.getByText('rm -rf build').first()).toBeVisible()
      await settled(page)
    },
  },
]
