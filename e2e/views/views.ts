import { expect, type Page } from '@playwright/test'
import { lackOf, type Requirement } from '../../server/testing/require.ts'
import { settled, visit } from './visit.ts'
import type { Stage } from './stage.ts'
import { requestViews } from './request-views.ts'
import { roomViews } from './room-views.ts'

/** One page in one state, as somebody sees it. */
export type View = {
  name: string
  /** What the machine must have; elsewhere there is no such view. */
  needs?: Requirement
  /** Whose eyes; undefined: nobody is signed in. */
  who?: keyof Stage['people']
  /** On wide screens only, or on narrow ones: elsewhere it is the same as another. */
  only?: 'wide' | 'narrow'
  /** What is asked for is refused or not there: the browser's console says so. */
  refused?: true
  /** Brings the page into the state and resolves when it is there. It may stand on any page before, as the one before left it. */
  show(page: Page, stage: Stage): Promise<void>
  /** What lies outside the page: undone before the next view. */
  leave?(page: Page): Promise<void>
}

const heading = (page: Page) => expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()

const at =
  (path: string | ((stage: Stage) => string)): View['show'] =>
  async (page, stage) => {
    await visit(page, typeof path === 'string' ? path : path(stage))
    await heading(page)
  }

const settingsOf =
  (project: (stage: Stage) => string): View['show'] =>
  async (page, stage) => {
    await visit(page, `/settings/${project(stage)}`)
    await expect(page.locator('main h2').nth(1)).toBeVisible()
    await settled(page)
  }
const projectSettings = settingsOf((stage) => stage.projectId)

const people = async (page: Page) => {
  await visit(page, '/settings?section=people')
  await expect(page.locator('main li').nth(1)).toBeVisible()
}

const projectMenu = async (page: Page) => {
  await visit(page, '/')
  await page.locator('table').getByRole('button').first().click()
  await expect(page.getByRole('menu')).toBeVisible()
}

const pageViews: readonly View[] = [
  { name: 'sign-in', show: at('/sign-in') },
  { name: 'sign-up', show: at('/sign-up') },
  {
    name: 'sign-in-errors',
    async show(page) {
      await visit(page, '/sign-in')
      await page.locator('button[type="submit"]').click()
      await expect(page.getByRole('alert').first()).toBeVisible()
    },
  },
  { name: 'reset', show: at('/reset#a-link-of-an-admin') },
  { name: 'reset-broken', show: at('/reset') },
  { name: 'nowhere-signed-out', show: at('/nowhere') },
  // What is refused comes last of a person's: the console may say so a little later.
  { name: 'invite-dead', refused: true, show: at('/invite/nothing') },
  { name: 'home', who: 'ada', show: at('/') },
  { name: 'home-menu', who: 'ada', show: projectMenu },
  {
    name: 'home-delete',
    who: 'ada',
    async show(page) {
      await projectMenu(page)
      await page.getByRole('menuitem').last().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'home-no-match',
    who: 'ada',
    async show(page) {
      await visit(page, '/')
      await page.getByRole('searchbox').fill('regoins')
      await expect(page.locator('table')).toHaveCount(0)
    },
  },
  { name: 'approvals', who: 'ada', show: at('/approvals') },
  { name: 'approvals-decided', who: 'ada', show: at('/approvals?show=decided') },
  { name: 'agents', who: 'ada', show: at('/agents') },
  { name: 'settings', who: 'ada', show: at('/settings') },
  { name: 'settings-appearance', who: 'ada', show: at('/settings?section=appearance') },
  { name: 'settings-notices', who: 'ada', show: at('/settings?section=notices') },
  { name: 'settings-sign-ins', who: 'ada', show: at('/settings?section=sign-ins') },
  { name: 'settings-keys', who: 'ada', show: at('/settings?section=keys') },
  { name: 'settings-people', who: 'ada', show: people },
  {
    name: 'settings-people-erase',
    who: 'ada',
    async show(page) {
      await people(page)
      await page.locator('main li').nth(1).getByRole('button').last().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  { name: 'settings-project', who: 'ada', show: projectSettings },
  { name: 'settings-project-elsewhere', who: 'ada', show: settingsOf((stage) => stage.elsewhereProjectId) },
  { name: 'not-found', who: 'ada', show: at('/nowhere') },
  { name: 'cut-off', who: 'ada', show: at('/p/prj_123') },
  {
    name: 'invite-already-in',
    who: 'ada',
    async show(page, stage) {
      const { token } = await stage.people.ada.json<{ token: string }>('POST', `/api/projects/${stage.projectId}/invites`, { role: 'editor' })
      await visit(page, `/invite/${token}`)
      await expect(page.locator(`main a[href="/p/${stage.projectId}"]`)).toBeVisible()
    },
  },
  { name: 'home-empty', who: 'newcomer', show: at('/') },
  { name: 'approvals-empty', who: 'newcomer', show: at('/approvals') },
  { name: 'no-access', who: 'newcomer', refused: true, show: at((stage) => `/p/${stage.projectId}`) },
  { name: 'settings-project-viewer', who: 'viewer', show: projectSettings },
  { name: 'approvals-viewer', who: 'viewer', show: at('/approvals') },
]

/** Every page and state that the screenshots show and that axe looks at. */
export const views: readonly View[] = [...pageViews, ...roomViews, ...requestViews]

/** Those of them that can be on this machine. */
export async function viewsHere(): Promise<readonly View[]> {
  const lacks = await Promise.all(views.map(async ({ needs }) => (needs ? lackOf(needs) : undefined)))
  return views.filter((_, at) => lacks[at] === undefined)
}
