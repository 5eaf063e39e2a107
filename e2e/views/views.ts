import { expect, type Page } from '@playwright/test'
import { log } from '../room-page.ts'
import type { Stage } from './stage.ts'

/** One page in one state, as somebody sees it. */
export type View = {
  name: string
  /** Whose eyes; undefined: nobody is signed in. */
  who?: 'ada' | 'mei' | 'tomas' | 'newcomer' | 'viewer'
  /** Brings the page into the state and resolves when it is there. */
  show(page: Page, stage: Stage): Promise<void>
}

const room = (stage: Stage, session: keyof Stage['sessions'], search = '') => `/p/${stage.projectId}/s/${stage.sessions[session]}${search}`
const ready = (page: Page) => expect(log(page)).toBeVisible()

const openRoom =
  (session: keyof Stage['sessions'], search = '') =>
  async (page: Page, stage: Stage) => {
    await page.goto(room(stage, session, search))
    await ready(page)
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  }

/** Every page and state that the screenshots show and that axe looks at. */
export const views: readonly View[] = [
  { name: 'sign-in', show: async (page) => void (await page.goto('/sign-in')) },
  { name: 'sign-up', show: async (page) => void (await page.goto('/sign-up')) },
  { name: 'home', who: 'ada', show: async (page) => void (await page.goto('/')) },
  { name: 'home-empty', who: 'newcomer', show: async (page) => void (await page.goto('/')) },
  { name: 'approvals', who: 'ada', show: async (page) => void (await page.goto('/approvals')) },
  { name: 'approvals-empty', who: 'newcomer', show: async (page) => void (await page.goto('/approvals')) },
  { name: 'agents', who: 'ada', show: async (page) => void (await page.goto('/agents')) },
  { name: 'settings', who: 'ada', show: async (page) => void (await page.goto('/settings')) },
  { name: 'not-found', who: 'ada', show: async (page) => void (await page.goto('/nowhere')) },
  { name: 'no-access', who: 'newcomer', show: async (page, stage) => void (await page.goto(`/p/${stage.projectId}`)) },
  { name: 'room', who: 'ada', show: openRoom('story', '?tab=files&file=src/regions.ts') },
  { name: 'room-csv', who: 'ada', show: openRoom('story', '?tab=files&file=data/orders_2025.csv') },
  { name: 'room-markdown', who: 'ada', show: openRoom('story', '?tab=files&file=README.md') },
  { name: 'room-waiting', who: 'ada', show: openRoom('waiting') },
  { name: 'room-streaming', who: 'ada', show: openRoom('streaming') },
  { name: 'room-empty', who: 'ada', show: openRoom('empty') },
  { name: 'room-viewer', who: 'viewer', show: openRoom('story') },
  { name: 'room-plan', who: 'ada', show: openRoom('story', '?pane=plan') },
  { name: 'room-workspace', who: 'ada', show: openRoom('story', '?pane=workspace&tab=files') },
  ...(['terminal', 'desktop', 'python', 'preview', 'trace'] as const).map((tab) => ({
    name: `room-${tab}`,
    who: 'ada' as const,
    show: openRoom('story', `?pane=workspace&tab=${tab}`),
  })),
  {
    name: 'room-offline',
    who: 'ada',
    async show(page, stage) {
      await openRoom('story')(page, stage)
      await page.context().setOffline(true)
    },
  },
  {
    name: 'palette',
    who: 'ada',
    async show(page, stage) {
      await openRoom('story')(page, stage)
      await page.keyboard.press('ControlOrMeta+k')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'keys',
    who: 'ada',
    async show(page, stage) {
      await openRoom('story')(page, stage)
      await page.keyboard.press('Shift+?')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
]
