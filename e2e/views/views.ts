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
  { name: 'settings-appearance', who: 'ada', show: async (page) => void (await page.goto('/settings?section=appearance')) },
  { name: 'settings-sign-ins', who: 'ada', show: async (page) => void (await page.goto('/settings?section=sign-ins')) },
  { name: 'settings-keys', who: 'ada', show: async (page) => void (await page.goto('/settings?section=keys')) },
  { name: 'settings-project', who: 'ada', show: async (page, stage) => void (await page.goto(`/settings/${stage.projectId}`)) },
  { name: 'settings-project-viewer', who: 'viewer', show: async (page, stage) => void (await page.goto(`/settings/${stage.projectId}`)) },
  { name: 'approvals-decided', who: 'ada', show: async (page) => void (await page.goto('/approvals?show=decided')) },
  { name: 'approvals-viewer', who: 'viewer', show: async (page) => void (await page.goto('/approvals')) },
  { name: 'invite-dead', show: async (page) => void (await page.goto('/invite/nothing')) },
  {
    name: 'sign-in-errors',
    async show(page) {
      await page.goto('/sign-in')
      await page.locator('button[type="submit"]').click()
      await expect(page.getByRole('alert').first()).toBeVisible()
    },
  },
  {
    name: 'home-menu',
    who: 'ada',
    async show(page) {
      await page.goto('/')
      await page.locator('table').getByRole('button').first().click()
      await expect(page.getByRole('menu')).toBeVisible()
    },
  },
  {
    name: 'home-delete',
    who: 'ada',
    async show(page) {
      await page.goto('/')
      await page.locator('table').getByRole('button').first().click()
      await page.getByRole('menuitem').last().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'home-no-match',
    who: 'ada',
    async show(page) {
      await page.goto('/')
      await page.getByRole('searchbox').fill('regoins')
      await expect(page.locator('table')).toHaveCount(0)
    },
  },
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
