import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { ask, line, lines, projectOf, row, workspaceOf, writeAt } from './file-page.ts'
import { expect, test } from './fixtures.ts'
import { startLine } from './line.ts'
import { createProject, log, makeInvite, plan, say, signUp } from './room-page.ts'

test('what Ada does without a server outlives a reload, and reaches Mei when the server is back', async ({ ada, server }) => {
  await test.step('Ada has a room with a plan', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await say(ada, '@agent Who is here?')
    await expect(log(ada)).toContainText('You are Ada')
    await addStep(ada, 'Ask the harbour')
    await expect(ada.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
    // The interface is in the browser once its worker is at work.
    await ada.evaluate(async () => void (await navigator.serviceWorker.ready))
  })

  await test.step('the server is gone: what she adds is counted, and is there after a reload', async () => {
    await server.crash()
    await addStep(ada, 'Read the tables')
    await expect(ada.getByText(/will sync/).first()).toBeVisible()
    await ada.reload()
    await expect(plan(ada)).toContainText('Read the tables')
    await expect(plan(ada)).toContainText('Ask the harbour')
    await expect(log(ada)).toContainText('You are Ada')
    await expect(ada.getByText(/will sync/).first()).toBeVisible()
    await addStep(ada, 'Draw the curve')
    await expect(ada.getByText('2 changes will sync').first()).toBeVisible()
    await ada.reload()
    await expect(plan(ada)).toContainText('Draw the curve')
  })

  await test.step('the server is back: everything is saved, once', async () => {
    await server.crashAndRestart()
    await expect(ada.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible()
    await expect(ada.getByText(/will sync/)).toHaveCount(0)
    await ada.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) if (name?.startsWith('atrium/')) indexedDB.deleteDatabase(name)
    })
    await ada.reload()
    for (const step of ['Ask the harbour', 'Read the tables', 'Draw the curve']) await expect(plan(ada).getByText(step)).toHaveCount(1)
  })
})

test('a part of the interface that does not come takes nothing else along, and comes by itself', async ({ browser, server }) => {
  // Without the worker that has everything: a first visit over a poor line.
  const context = await browser.newContext({ baseURL: server.url, locale: 'en-US', serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.goto('/')
  await signUp(page, 'Ada')
  await createProject(page, 'Tides')
  await ask(page, 'put', 'files/tide.txt', { content: 'low\n' })
  let refused = 0
  await page.route('**/assets/file-tree-*.js', (route) => (refused++ === 0 ? route.abort() : route.continue()))
  // Some browsers do not ask twice for a file in the life of a page: there people are told, and reload.
  const reload = page.getByRole('status').filter({ hasText: 'Part of this page did not load.' }).getByRole('button', { name: 'Reload' })
  const comes = async (part: Locator, again = async () => {}) => {
    await expect(part.or(reload)).toBeVisible()
    await expect(page.locator('#room-message')).toBeVisible()
    if (!(await reload.isVisible())) return
    await reload.click()
    await expect(reload).toBeHidden()
    await expect(page.locator('#room-message')).toBeVisible()
    await again()
    await expect(part).toBeVisible()
  }
  await page.reload()
  await comes(page.getByRole('treeitem', { name: 'tide.txt' }))
  expect(refused).toBe(2)

  await page.reload()
  await context.setOffline(true)
  await expect(page.getByText('You are offline.')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.locator('#room-message')).toBeVisible()
  await context.setOffline(false)
  await comes(page.getByRole('dialog'), () => page.keyboard.press('Control+k'))
  await context.close()
})

const saved = (page: Page) => page.getByRole('status').filter({ hasText: /^Saved$/ })
const willSync = (page: Page, text: string) => page.getByText(text).first()

/** Mei's room with these files; Ada is in it over a line of her own, and her browser has the interface. */
async function together(ada: Page, mei: Page, url: string, lineUrl: string, files: Record<string, string>) {
  await mei.goto('/')
  await signUp(mei, 'Mei')
  await createProject(mei, 'Tides')
  for (const [name, content] of Object.entries(files)) await ask(mei, 'put', `files/${name}`, { content })
  await ada.goto((await makeInvite(mei)).replace(url, lineUrl))
  await signUp(ada, 'Ada')
  await expect(ada).toHaveURL(/\/p\/prj_/)
  await ada.evaluate(async () => void (await navigator.serviceWorker.ready))
}

test('what Ada writes in a file without a connection outlives reloads and the tab, and meets what others did there', async ({ ada, mei, server }) => {
  const hers = await startLine(server.url)
  let page = ada
  await test.step('Ada and Mei have one file open', async () => {
    await together(ada, mei, server.url, hers.url, { 'tides.md': 'one\ntwo\nthree\nfour\nfive\n' })
    for (const each of [ada, mei]) await row(each, 'tides.md').click()
    await writeAt(ada, 1, 'End', ' (Ada)')
    await expect(line(mei, 1)).toContainText('one (Ada)')
    await expect(saved(ada)).toBeVisible()
  })

  await test.step('Ada’s line is cut: what she writes is counted, and is there after a reload', async () => {
    await hers.cut()
    await writeAt(page, 2, 'End', ' without a line')
    await expect(willSync(page, '1 change will sync')).toBeVisible()
    await page.reload()
    await expect(line(page, 2)).toContainText('two without a line')
    await expect(willSync(page, '1 change will sync')).toBeVisible()
    await writeAt(page, 3, 'End', ' after a reload')
    await expect(willSync(page, '2 changes will sync')).toBeVisible()
  })

  await test.step('meanwhile Mei and a command change the same file', async () => {
    await writeAt(mei, 4, 'End', ' (Mei)')
    await ask(mei, 'post', 'commands', { command: "sed -i 's/^five$/5/' tides.md" })
    await expect(line(mei, 5)).toHaveText(/^5/)
    await writeAt(mei, 2, 'Home', 'Mei: ')
  })

  await test.step('she closes the tab and comes back later, still without a line', async () => {
    const [address, context] = [page.url(), page.context()]
    await page.close()
    page = await context.newPage()
    await page.goto(address)
    await expect(line(page, 3)).toContainText('three after a reload')
    await expect(willSync(page, '2 changes will sync')).toBeVisible()
    await writeAt(page, 3, 'End', ', and later')
    await expect(willSync(page, '3 changes will sync')).toBeVisible()
  })

  await test.step('the line is mended: both see all of it, once, and so does the disk', async () => {
    await hers.mend()
    await expect(saved(page)).toBeVisible()
    await expect(page.getByText(/will sync/)).toHaveCount(0)
    const all = ['one (Ada)', 'Mei: two without a line', 'three after a reload, and later', 'four (Mei)', '5', '']
    for (const each of [page, mei]) await expect.poll(() => lines(each)).toEqual(all)
    const path = join(await workspaceOf(server), 'tides.md')
    await expect.poll(() => readFile(path, 'utf8')).toBe(all.join('\n'))
    await line(mei, 3).click()
    await expect(mei.locator('.cm-blame')).toContainText('Ada')
    await page.reload()
    await expect.poll(() => lines(page)).toEqual(all)
    await expect(page.getByText(/will sync/)).toHaveCount(0)
  })
  await hers.stop()
})

test('files that others made anew, deleted or closed to Ada meanwhile: nothing she wrote is lost', async ({ ada, mei, server }) => {
  const hers = await startLine(server.url)
  const poem = 'one\ntwo\nthree\nfour\n'
  const names = ['anew.md', 'both.md', 'gone.md', 'closed.md']

  await test.step('Ada has had four files open, and writes in each without a line', async () => {
    await together(ada, mei, server.url, hers.url, Object.fromEntries(names.map((name) => [name, poem])))
    for (const name of names) {
      await row(ada, name).click()
      await writeAt(ada, 1, 'End', '!')
      await expect(line(ada, 1)).toHaveText(/^one!/)
      await expect(saved(ada)).toBeVisible()
    }
    await hers.cut()
    for (const name of names) {
      await row(ada, name).click()
      await line(ada, 2).click()
      for (const key of ['Home', 'Shift+End']) await ada.keyboard.press(key)
      await ada.keyboard.insertText('deux')
    }
    await expect(willSync(ada, '4 changes will sync')).toBeVisible()
    await ada.reload()
    await expect(willSync(ada, '4 changes will sync')).toBeVisible()
  })

  await test.step('Mei puts other files in the place of three of them', async () => {
    for (const [name, text] of [
      ['anew.md', 'zero\none!\ntwo\nthree\nfour\n'],
      ['both.md', 'one!\nzwei\nthree\nfour\n'],
      ['gone.md', 'short-lived\n'],
    ]) {
      await ask(mei, 'delete', `files/${name}`)
      await ask(mei, 'put', `files/other-${name}`, { content: text })
      await row(mei, `other-${name}`).click()
      await expect(line(mei, 1)).toBeVisible()
      await ask(mei, 'post', 'move-file', { from: `other-${name}`, to: name })
      await expect(row(mei, new RegExp(`^${name}`))).toBeVisible()
    }
    await ask(mei, 'delete', 'files/gone.md')
    await expect(row(mei, /^gone/)).toBeHidden()
  })

  await test.step('she is back: what can be merged is, and both versions stand where both changed', async () => {
    await hers.mend()
    await row(ada, 'anew.md').click()
    await expect.poll(() => lines(ada)).toEqual(['zero', 'one!', 'deux', 'three', 'four', ''])
    await row(ada, 'both.md').click()
    await expect.poll(() => lines(ada)).toEqual(['one!', 'zwei', 'deux', 'three', 'four', ''])
    const conflict = ada.getByRole('region', { name: 'Conflict' })
    await expect(conflict.getByRole('group', { name: 'Written offline' })).toHaveText('deux\n')
    await conflict.getByRole('button', { name: 'Keep offline version' }).click()
    await expect.poll(() => lines(ada)).toEqual(['one!', 'deux', 'three', 'four', ''])
    const path = join(await workspaceOf(server), 'both.md')
    await expect.poll(() => readFile(path, 'utf8')).toBe('one!\ndeux\nthree\nfour\n')
  })

  await test.step('the deleted file is made again when she says so', async () => {
    const kept = ada.getByRole('status').filter({ hasText: 'gone.md was deleted while you were offline' })
    await kept.getByRole('button', { name: 'Restore this text' }).click()
    await expect(kept).toBeHidden()
    await expect(ada.getByRole('heading', { name: 'gone.md' })).toBeVisible()
    await expect.poll(() => lines(ada)).toEqual(['one!', 'deux', 'three', 'four', ''])
    await expect(row(mei, 'gone.md')).toBeVisible()
  })

  await test.step('one that she may only read now: she saves her copy', async () => {
    await hers.cut()
    await row(ada, 'closed.md').click()
    await writeAt(ada, 3, 'End', ' Ada')
    const { members } = (await (await ask(mei, 'get', 'members')).json()) as { members: { userId: string; name: string }[] }
    const { userId = '' } = members.find(({ name }) => name === 'Ada') ?? {}
    await ask(mei, 'patch', `members/${userId}`, { role: 'viewer' })
    await hers.mend()
    const kept = ada.getByRole('status').filter({ hasText: 'Your offline edits to closed.md were not added. You can only view it now.' })
    await expect(kept).toBeVisible()
    await expect.poll(() => lines(ada)).toEqual(['one!', 'deux', 'three', 'four', ''])
    const saving = ada.waitForEvent('download')
    await kept.getByRole('button', { name: 'Save a copy' }).click()
    expect(await readFile(await (await saving).path(), 'utf8')).toBe('one!\ndeux\nthree Ada\nfour\n')
    await ada.reload()
    await expect(kept).toBeVisible()
    await kept.getByRole('button', { name: 'Discard' }).click()
    await kept.getByRole('button', { name: 'Discard permanently' }).click()
    await expect(kept).toBeHidden()
    expect(projectOf(ada)).toBe(projectOf(mei))
  })
  await hers.stop()
})

async function addStep(page: Parameters<typeof plan>[0], text: string) {
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(plan(page)).toContainText(text)
}
