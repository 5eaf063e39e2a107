import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ask, caretOf, editor, line, lines, row, workspaceOf } from './file-page.ts'
import { expect, test } from './fixtures.ts'
import { createProject, fileTree, makeInvite, plan, signUp } from './room-page.ts'

test('Ada and Mei write one file, and find, rename and look at others', async ({ ada, mei, server }) => {
  await test.step('both are in the room', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Sales dashboard')
    await mei.goto(await makeInvite(ada))
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
  })

  await test.step('Ada makes a file and writes; Mei sees it come, and Ada in it', async () => {
    await ada.getByRole('button', { name: 'New file' }).click()
    await ada.getByRole('textbox', { name: 'Name of the new file' }).fill('greet.ts')
    await ada.keyboard.press('Enter')
    await expect(editor(ada)).toBeVisible()
    await editor(ada).click()
    await ada.keyboard.insertText('export const greeting = "hello"\nexport const two = 2\n')
    await row(mei, 'greet.ts').click()
    await expect(line(mei, 2)).toContainText('two = 2')
    await expect(caretOf(mei, 'Ada')).toBeVisible()
  })

  await test.step('Mei writes too: each sees the other, and undo takes back only what is one’s own', async () => {
    await line(mei, 2).click()
    await mei.keyboard.press('End')
    await mei.keyboard.type(' // Mei')
    await expect(line(ada, 2)).toContainText('// Mei')
    await expect(caretOf(ada, 'Mei')).toBeVisible()
    await line(ada, 1).click()
    await ada.keyboard.press('Home')
    await ada.keyboard.type('/* Ada */ ')
    await expect(line(mei, 1)).toContainText('/* Ada */')
    await mei.keyboard.press('Control+z')
    await expect.poll(() => lines(ada)).toEqual(['/* Ada */ export const greeting = "hello"', 'export const two = 2', ''])
  })

  await test.step('the disk has what they wrote, and they have what a command changes', async () => {
    const path = join(await workspaceOf(server), 'greet.ts')
    await expect.poll(() => readFile(path, 'utf8')).toBe('/* Ada */ export const greeting = "hello"\nexport const two = 2\n')
    await ask(ada, 'post', 'commands', { command: "sed -i 's/two = 2/two = 1 + 1/' greet.ts" })
    await expect(line(mei, 2)).toContainText('two = 1 + 1')
  })

  await test.step('the same line changed in the room and on the disk: both are shown, and Mei keeps one', async () => {
    const path = join(await workspaceOf(server), 'greet.ts')
    await ask(ada, 'post', 'sandbox/pause')
    await expect(mei.getByText('The sandbox is asleep. Edits are saved')).toBeVisible()
    await line(mei, 1).click()
    await mei.keyboard.press('Home')
    await mei.keyboard.press('Shift+End')
    await mei.keyboard.insertText('export const greeting = "hola"')
    await expect(line(ada, 1)).toContainText('hola')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"hello"', '"hallo"'))
    await ask(ada, 'post', 'sandbox/start')
    const conflict = mei.getByRole('region', { name: 'Conflict' })
    await expect(conflict.getByRole('group', { name: 'In the room' })).toContainText('hola')
    await expect(conflict.getByRole('group', { name: 'On disk' })).toContainText('hallo')
    await conflict.getByRole('button', { name: 'Keep room version' }).click()
    await expect(conflict).toBeHidden()
    await expect.poll(() => lines(ada)).toEqual(['export const greeting = "hola"', 'export const two = 1 + 1', ''])
    await expect.poll(() => readFile(path, 'utf8')).toBe('export const greeting = "hola"\nexport const two = 1 + 1\n')
  })

  await test.step('Ada renames it where it stands; her editor goes with it', async () => {
    await row(ada, 'greet.ts').focus()
    await fileTree(ada).press('F2')
    await ada.getByRole('textbox', { name: 'New name for greet.ts' }).fill('welcome.ts')
    await ada.keyboard.press('Enter')
    await expect(row(mei, 'welcome.ts')).toBeVisible()
    await expect(row(mei, 'greet.ts')).toBeHidden()
    await expect(ada.getByRole('heading', { name: 'welcome.ts' })).toBeVisible()
    await expect(line(ada, 1)).toContainText('hola')
  })

  await test.step('tables and Markdown are shown as what they are', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${400 - i},item ${i}`)
    await ask(ada, 'put', 'files/data/items.csv', { content: `count,name\n${rows.join('\n')}\n` })
    await ask(ada, 'put', 'files/README.md', { content: '# Sales\n\nSee the **table**.\n\n![far](https://example.com/far.png)\n' })
    await row(ada, 'data').click()
    await row(ada, 'items.csv').click()
    const table = ada.getByRole('table', { name: 'items.csv' })
    await expect(table).toHaveAttribute('aria-rowcount', '401')
    await expect(table.getByRole('cell').first()).toHaveText('400')
    await table.getByRole('button', { name: 'count' }).click()
    await expect(table.getByRole('columnheader', { name: 'count' })).toHaveAttribute('aria-sort', 'ascending')
    await expect(table.getByRole('cell').first()).toHaveText('1')
    await ask(ada, 'put', 'files/data/pair.csv', { content: 'count,name\n1,one\n' })
    await row(ada, 'pair.csv').click()
    await expect(ada.getByRole('table', { name: 'pair.csv' })).toBeVisible()
    await row(mei, 'data').click()
    await row(mei, 'pair.csv').click()
    await mei.getByRole('radio', { name: 'Source' }).click()
    await expect(line(mei, 2)).toHaveText(/^1,one/)
    await ask(ada, 'post', 'sandbox/pause')
    await expect(ada.getByText('The sandbox is asleep. Edits are saved')).toBeVisible()
    await line(mei, 2).click()
    for (const key of ['Home', 'Shift+End']) await mei.keyboard.press(key)
    await mei.keyboard.insertText('1,eins')
    const path = join(await workspaceOf(server), 'data/pair.csv')
    await writeFile(path, 'count,name\n1,uno\n')
    await ask(ada, 'post', 'sandbox/start')
    const conflict = ada.getByRole('region', { name: 'Conflict' })
    await expect(conflict.getByRole('group', { name: 'In the room' })).toContainText('1,eins')
    await conflict.getByRole('button', { name: 'Go to conflict' }).click()
    await expect(line(ada, 2)).toContainText('1,eins')
    await conflict.getByRole('button', { name: 'Keep room version' }).click()
    await expect(conflict).toBeHidden()
    await expect.poll(() => readFile(path, 'utf8')).toBe('count,name\n1,eins\n')
    await row(ada, 'README.md').click()
    await ada.getByRole('radio', { name: 'Rendered' }).click()
    const rendered = ada.getByRole('region', { name: 'Rendered text' })
    await expect(rendered.getByRole('heading', { name: 'Sales' })).toBeVisible()
    await expect(rendered.locator('img')).toHaveCount(0)
  })

  await test.step('a file is found by letters of its name, and a line by what it says', async () => {
    await ada.keyboard.press('Control+p')
    await ada.getByRole('combobox', { name: 'Open a file' }).fill('wel')
    await expect(ada.getByRole('option', { name: 'welcome.ts' })).toHaveAttribute('aria-selected', 'true')
    await ada.keyboard.press('Enter')
    await expect(line(ada, 1)).toContainText('hola')
    await ada.getByRole('button', { name: 'Search in files' }).click()
    await ada.getByRole('combobox', { name: 'Search in files' }).fill('item 398')
    const found = ada.getByRole('group', { name: 'data/items.csv' }).getByRole('option')
    await expect(found).toContainText('2,item 398')
    await found.click()
    await expect(ada.locator('.cm-line', { hasText: '2,item 398' })).toBeVisible()
    await expect(ada.locator('.cm-activeLineGutter').last()).toHaveText('400')
  })
})

test('Ada, Mei and Tomás write in one file and in the plan at once: all read the same, and the disk too', async ({ ada, mei, tomas, server }) => {
  const all = [ada, mei, tomas]
  const everyoneReads = async (expected: readonly string[]) => {
    for (const page of all) await expect.poll(() => lines(page)).toEqual(expected)
    const path = join(await workspaceOf(server), 'log.txt')
    await expect.poll(() => readFile(path, 'utf8')).toBe(expected.join('\n'))
  }
  const put = async (page: Page, number: number, key: 'Home' | 'End') => {
    await line(page, number).click()
    await page.keyboard.press(key)
  }

  await test.step('they have it open', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Harbour')
    await ask(ada, 'put', 'files/log.txt', { content: 'high\nlow\ntide\nmoon\nwind\n' })
    for (const [page, name] of [
      [mei, 'Mei'],
      [tomas, 'Tomás'],
    ] as const) {
      await page.goto(await makeInvite(ada))
      await signUp(page, name)
      await expect(page).toHaveURL(/\/p\/prj_/)
    }
    for (const page of all) await row(page, 'log.txt').click()
    await everyoneReads(['high', 'low', 'tide', 'moon', 'wind', ''])
  })

  await test.step('each types in a line of their own, and Tomás adds to the plan', async () => {
    await Promise.all([put(ada, 1, 'End'), put(mei, 2, 'End'), put(tomas, 5, 'Home')])
    await Promise.all([
      ada.keyboard.type(' water at noon', { delay: 12 }),
      mei.keyboard.type(' water at dusk', { delay: 12 }),
      tomas.keyboard.type('the west ', { delay: 12 }),
    ])
    await everyoneReads(['high water at noon', 'low water at dusk', 'tide', 'moon', 'the west wind', ''])
    for (const name of ['Ada', 'Mei']) await expect(caretOf(tomas, name)).toBeVisible()
  })

  await test.step('Ada and Mei type in the same line, a line break of Tomás’ above them, and all three in the plan', async () => {
    await Promise.all([put(ada, 3, 'Home'), put(mei, 3, 'End'), put(tomas, 2, 'End')])
    await Promise.all([
      ada.keyboard.type('spring ', { delay: 12 }),
      mei.keyboard.type(' comes in', { delay: 12 }),
      tomas.keyboard.type('\nslack', { delay: 12 }),
    ])
    await everyoneReads(['high water at noon', 'low water at dusk', 'slack', 'spring tide comes in', 'moon', 'the west wind', ''])
    await Promise.all(
      all.map(async (page, at) => {
        await page.getByRole('button', { name: 'Add a step' }).click()
        await page.getByRole('textbox', { name: 'New step' }).fill(`Step ${at + 1}`)
        await page.keyboard.press('Enter')
        await page.keyboard.press('Escape')
      }),
    )
    for (const page of all) for (const step of ['Step 1', 'Step 2', 'Step 3']) await expect(plan(page).getByText(step)).toHaveCount(1)
  })

  await test.step('Mei adds to the line while Ada types in it, and undoes: only what is hers goes, and comes again', async () => {
    await Promise.all([put(ada, 4, 'Home'), put(mei, 4, 'End')])
    await Promise.all([ada.keyboard.type('the ', { delay: 12 }), mei.keyboard.insertText(' again')])
    const all = ['high water at noon', 'low water at dusk', 'slack', 'the spring tide comes in again', 'moon', 'the west wind', '']
    await everyoneReads(all)
    await mei.keyboard.press('Control+z')
    await everyoneReads(all.with(3, 'the spring tide comes in'))
    await mei.keyboard.press('Control+Shift+Z')
    await everyoneReads(all)
  })

  await test.step('a command and all three at once', async () => {
    await Promise.all([put(ada, 1, 'Home'), put(mei, 4, 'End'), put(tomas, 6, 'End')])
    await Promise.all([
      ada.keyboard.type('very ', { delay: 12 }),
      mei.keyboard.type(' slowly', { delay: 12 }),
      tomas.keyboard.type(' rises', { delay: 12 }),
      ask(ada, 'post', 'commands', { command: "sed -i 's/^moon$/new moon/' log.txt" }),
    ])
    await everyoneReads([
      'very high water at noon',
      'low water at dusk',
      'slack',
      'the spring tide comes in again slowly',
      'new moon',
      'the west wind rises',
      '',
    ])
  })
})
