import { expect, type Locator, type Page } from '@playwright/test'
import type { WorkspaceTab } from '../../shared/presence/schema.ts'
import { plan } from '../room-page.ts'
import type { Stage } from './stage.ts'
import { settled, visit } from './visit.ts'
import type { View } from './views.ts'

type Session = keyof Stage['sessions']

/** What is there once a tab of the workspace is; by the parts that have no words of a language in them. */
const shown: Record<WorkspaceTab, (page: Page) => Locator> = {
  files: (page) => page.getByRole('tree'),
  terminal: (page) => page.locator('.xterm-rows', { hasText: 'Serving HTTP' }),
  desktop: (page) => page.locator('#tab-panel canvas'),
  python: (page) => page.locator('#tab-panel .cm-content, #tab-panel textarea').last(),
  preview: (page) => page.locator('#tab-panel').getByRole('button', { name: '5173' }),
  trace: (page) => page.locator('#tab-panel *').first(),
}

/** The conversation beside the workspace; on a narrow screen the conversation alone. */
const talk =
  (session: Session, search = ''): View['show'] =>
  async (page, stage) => {
    await visit(page, `/p/${stage.projectId}/s/${stage.sessions[session]}${search}`)
    await expect(page.getByRole('log').first()).toBeVisible()
    await settled(page)
  }

/** A tab of the workspace; on a narrow screen nothing but the tab. */
const work =
  (tab: WorkspaceTab, search = ''): View['show'] =>
  async (page, stage) => {
    await visit(page, `/p/${stage.projectId}/s/${stage.sessions.story}?pane=workspace&tab=${tab}${search}`)
    await expect(shown[tab](page)).toBeVisible()
    await settled(page)
  }

const file =
  (path: string, ready: (page: Page) => Locator): View['show'] =>
  async (page, stage) => {
    await visit(page, `/p/${stage.projectId}/s/${stage.sessions.story}?pane=workspace&tab=files&file=${path}`)
    // Elsewhere an open file covers the tree.
    if (hasTree(page)) await expect(shown.files(page)).toBeVisible()
    await expect(ready(page)).toBeVisible()
    await settled(page)
  }

/** People who write while the agent works: Ada to it, Mei and Tomás to people, as they did last. */
const meanwhile =
  (text = ''): View['show'] =>
  async (page, stage) => {
    await visit(page, `/p/${stage.projectId}/s/${stage.sessions.talk}`, false)
    await expect(page.getByRole('log').first()).toContainText('Blue for North')
    await expect(page.getByRole('img', { name: 'sketch.png' })).toBeVisible()
    await expect(page.locator('[role="radiogroup"]').first()).toBeVisible()
    await page.locator('#room-message').fill(text)
  }

const editor = (page: Page) => page.locator('.cm-content').first()
/** Wide enough for the tree to stand beside a file. */
const hasTree = (page: Page) => (page.viewportSize()?.width ?? 0) >= 1240

/** Parts that come by themselves, after the page shows, are there: without a connection they would not come. */
async function arrived(page: Page) {
  let known = 0
  const isLast = async () => known === (known = await page.evaluate(() => performance.getEntriesByType('resource').length))
  await expect.poll(isLast, { intervals: [1000] }).toBe(true)
}

/** A state that begins with the story, on any tab. */
const from =
  (begin: View['show'], act: (page: Page, stage: Stage) => Promise<void>): View['show'] =>
  async (page, stage) => {
    await begin(page, stage)
    await act(page, stage)
    await settled(page)
  }

/** Forty sessions, in the rail or behind the title. */
const manySessions: View['show'] = async (page, stage) => {
  await visit(page, `/p/${stage.longProjectId}/s/${stage.longSessionId}`)
  const list = page.getByRole('list', { name: /^(Sessions|会话)$/ })
  if ((page.viewportSize()?.width ?? 0) < 1120) await page.locator('h1 button').click()
  await expect(list.getByRole('link').nth(15)).toBeVisible()
  await settled(page)
}

const menu = (page: Page) => expect(page.getByRole('menu')).toBeVisible()
const dialog = (page: Page) => expect(page.getByRole('dialog')).toBeVisible()

export const roomViews: readonly View[] = [
  { name: 'room', who: 'ada', show: talk('story', '?tab=files&file=src/regions.ts') },
  { name: 'room-file', who: 'ada', only: 'narrow', show: file('src/regions.ts', editor) },
  { name: 'room-csv', who: 'ada', show: file('data/orders_2025.csv', (page) => page.getByRole('table', { name: 'orders_2025.csv' })) },
  { name: 'room-markdown', who: 'ada', show: file('README.md', editor) },
  {
    name: 'room-markdown-rendered',
    who: 'ada',
    show: from(file('README.md', editor), async (page) => {
      await page.locator('#tab-panel').getByRole('radio').last().click()
      await expect(page.locator('#tab-panel').getByRole('heading', { name: 'Sales dashboard' })).toBeVisible()
    }),
  },
  { name: 'room-page', who: 'ada', show: file('report/index.html&as=page', (page) => page.frameLocator('#tab-panel iframe').locator('h1')) },
  {
    name: 'room-page-gone',
    who: 'ada',
    refused: true,
    show: file('report/old.html&as=page', (page) => page.getByText(/^(This page no longer exists|网页已不存在)/)),
  },
  {
    name: 'room-made',
    needs: 'python',
    who: 'ada',
    show: from(talk('made', '?tab=files&file=report/index.html&as=page'), async (page) => {
      const made = page.getByRole('log').getByRole('group', { name: /^Made by|的成果$/ })
      await expect(made.locator('img').last()).toBeVisible()
      // The page is drawn where it is seen, which a low window does not do by itself.
      await expect(async () => {
        await made.evaluate((card) => card.scrollIntoView())
        await expect(made.frameLocator('iframe').locator('h1')).toBeVisible({ timeout: 2000 })
      }).toPass({ timeout: 60_000 })
    }),
  },
  {
    name: 'room-conflict',
    who: 'ada',
    async show(page, stage) {
      await visit(page, `/p/${stage.conflictProjectId}?pane=workspace&tab=files&file=rates.ts`)
      await expect(page.locator('#tab-panel section').getByRole('group').last()).toBeVisible()
      await settled(page)
    },
  },
  { name: 'room-waiting', who: 'ada', show: from(talk('waiting'), async (page) => expect(page.getByText('rsync').first()).toBeVisible()) },
  {
    name: 'room-streaming',
    who: 'ada',
    async show(page, stage) {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.streaming}`, false)
      await expect(page.getByRole('log').first()).toContainText('seven columns')
    },
  },
  {
    name: 'room-following',
    who: 'ada',
    only: 'wide',
    async show(page, stage) {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.streaming}?tab=files&file=src/regions.ts`, false)
      await expect(page.locator('[data-follow] button')).toBeVisible()
      await expect(editor(page)).toBeVisible()
    },
  },
  {
    name: 'room-offers',
    who: 'ada',
    show: from(talk('offers'), async (page) => expect(page.getByRole('button', { name: 'Remove the repeats' })).toBeVisible()),
  },
  { name: 'room-empty', who: 'ada', show: talk('empty') },
  {
    name: 'room-plan',
    who: 'ada',
    only: 'narrow',
    show: async (page, stage) => {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.story}?pane=plan`)
      await expect(plan(page).or(page.getByRole('listitem')).first()).toBeVisible()
    },
  },
  {
    name: 'room-approvals',
    who: 'ada',
    only: 'narrow',
    show: async (page, stage) => {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.waiting}?pane=approvals`)
      await expect(page.getByText('rsync').first()).toBeVisible()
    },
  },
  {
    name: 'room-plan-all',
    who: 'ada',
    show: async (page, stage) => {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.story}?pane=plan`)
      await page.getByRole('radio', { name: /^(All|全部)$/ }).click()
      await page.getByText('Draft the slides').first().scrollIntoViewIfNeeded()
      await settled(page)
    },
    leave: async (page) => page.getByRole('radio', { name: /^(This session|此会话)$/ }).click(),
  },
  { name: 'room-many-sessions', who: 'ada', show: manySessions },
  {
    name: 'room-archived',
    who: 'ada',
    show: from(manySessions, async (page) => {
      const archived = page.getByRole('button', { name: /^(Archived|已归档)$/ })
      await archived.click()
      await expect(page.getByRole('link', { name: /^Reactivation offers, part 1/ })).toBeVisible()
      await archived.scrollIntoViewIfNeeded()
    }),
  },
  {
    name: 'palette-search',
    who: 'ada',
    show: from(talk('empty'), async (page) => {
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('dialog').getByRole('combobox').fill('revenue')
      await expect(page.getByRole('option', { name: /Quarterly review/ })).toBeVisible()
    }),
  },
  { name: 'room-workspace', who: 'ada', show: work('files') },
  { name: 'room-terminal', needs: 'python', who: 'ada', show: work('terminal') },
  {
    name: 'room-python',
    needs: 'python',
    who: 'ada',
    show: from(work('python'), async (page) => expect(page.locator('#tab-panel img, #tab-panel svg[viewBox="0 0 560 180"]').first()).toBeVisible()),
  },
  { name: 'room-preview', needs: 'python', who: 'ada', show: work('preview') },
  {
    name: 'room-preview-open',
    needs: 'python',
    who: 'ada',
    show: from(work('preview'), async (page) => {
      await shown.preview(page).click()
      await expect(page.frameLocator('#tab-panel iframe').locator('body')).toBeVisible()
    }),
  },
  {
    name: 'room-preview-stopped',
    who: 'ada',
    async show(page, stage) {
      await visit(page, `/p/${stage.projectId}/s/${stage.sessions.story}?pane=workspace&tab=preview&port=4000`)
      await expect(
        page
          .locator('#tab-panel')
          .getByText(/4000.+/)
          .first(),
      ).toBeVisible()
    },
  },
  { name: 'room-trace', who: 'ada', show: work('trace') },
  { name: 'room-desktop', who: 'ada', needs: 'desktop', show: work('desktop') },
  {
    name: 'room-desktop-asleep',
    who: 'ada',
    async show(page, stage) {
      await visit(page, `/p/${stage.emptyProjectId}?pane=workspace&tab=desktop`)
      await expect(page.locator('#tab-panel').getByRole('button')).toBeVisible()
      await settled(page)
    },
  },
  {
    name: 'palette',
    who: 'ada',
    show: from(talk('story'), async (page) => {
      await page.keyboard.press('ControlOrMeta+k')
      await expect(page.getByRole('option').first()).toBeVisible()
    }),
  },
  {
    name: 'keys',
    who: 'ada',
    show: from(talk('story'), async (page) => {
      await page.keyboard.press('Shift+?')
      await dialog(page)
    }),
  },
  {
    name: 'room-share',
    who: 'ada',
    show: from(talk('story'), async (page) => {
      await page
        .locator('main')
        .getByRole('button', { name: /^(Share|共享)/ })
        .click()
      await dialog(page)
    }),
  },
  {
    name: 'room-session-menu',
    who: 'ada',
    show: from(talk('story'), async (page) => {
      await page
        .locator('main header')
        .getByRole('button', { name: /^(Session|会话)$/ })
        .click()
      await menu(page)
    }),
  },
  {
    name: 'room-file-menu',
    who: 'ada',
    show: from(work('files'), async (page) => {
      await page.getByRole('treeitem', { name: 'README.md' }).click({ button: 'right' })
      await menu(page)
    }),
  },
  {
    name: 'room-plan-menu',
    who: 'ada',
    only: 'wide',
    show: from(talk('story'), async (page) => {
      const step = page.getByRole('listitem').filter({ hasText: 'Check totals' }).last()
      await step.hover()
      await step.getByRole('button', { name: /^(Change|更改)/ }).click()
      await menu(page)
    }),
  },
  {
    name: 'room-elsewhere',
    who: 'ada',
    async show(page, stage) {
      await visit(page, `/p/${stage.elsewhereProjectId}?pane=workspace&tab=files`)
      await expect(page.getByRole('status').filter({ hasText: /another data folder|另一个数据/ })).toBeVisible()
      await expect(page.locator('#tab-panel').getByText(/^(Files not shown|暂时看不到文件)$/)).toBeVisible()
      await settled(page)
    },
  },
  {
    name: 'room-offline',
    who: 'ada',
    show: from(talk('story'), async (page) => {
      await arrived(page)
      await page.context().setOffline(true)
      await expect(page.getByText(/^(You are offline|你已离线)/)).toBeVisible()
    }),
    refused: true,
    leave: (page) => page.context().setOffline(false),
  },
  { name: 'room-talk', who: 'ada', show: meanwhile() },
  { name: 'room-talk-people', who: 'tomas', show: meanwhile('Is North the top line?') },
  { name: 'room-talk-mention', who: 'mei', show: meanwhile('@Builder @Tomás is right about the blue') },
  { name: 'room-viewer', who: 'viewer', show: talk('story') },
  {
    name: 'room-viewer-writes',
    who: 'viewer',
    async show(page, { withViewers }) {
      await visit(page, `/p/${withViewers.projectId}/s/${withViewers.sessionId}`)
      await expect(page.getByRole('log').first()).toContainText('Yes, clause 4')
      await page.locator('#room-message').fill('Thank you')
      await settled(page)
    },
  },
]
