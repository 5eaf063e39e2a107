import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, makeInvite, plan, signUp } from './room-page.ts'

/** The texts of the steps, in the order in which they are read. */
const steps = (page: Page) => plan(page).locator('[data-step] button[title^="Edit"]').allInnerTexts()
const grip = (page: Page, text: string) => plan(page).getByRole('button', { name: `Move "${text}"` })

test('Ada, Mei and Tomás make one plan: they add, move, write in one step and share out at once, and read the same', async ({ ada, mei, tomas }) => {
  const all = [ada, mei, tomas]
  const everyoneReads = async (expected: readonly string[]) => {
    for (const page of all) await expect.poll(() => steps(page)).toEqual(expected)
  }

  await test.step('they are in one room', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Harbour')
    for (const [page, name] of [
      [mei, 'Mei'],
      [tomas, 'Tomás'],
    ] as const) {
      await page.goto(await makeInvite(ada))
      await signUp(page, name)
      await expect(page).toHaveURL(/\/p\/prj_/)
    }
    for (const page of all) await expect(page.getByText('No plan yet.')).toBeVisible()
  })

  await test.step('each adds two steps at the same time: six, none twice', async () => {
    await Promise.all([add(ada, ['Ask the port', 'Read the log']), add(mei, ['Draw the map', 'Paint it']), add(tomas, ['Buy paper', 'Frame it'])])
    const expected = ['Ask the port', 'Buy paper', 'Draw the map', 'Frame it', 'Paint it', 'Read the log']
    for (const page of all) await expect.poll(async () => (await steps(page)).toSorted()).toEqual(expected)
    expect(await steps(mei)).toEqual(await steps(ada))
    expect(await steps(tomas)).toEqual(await steps(ada))
  })

  await test.step('Ada moves a step by keys while Mei drags another', async () => {
    const before = await steps(ada)
    const [byKeys, byHand] = [before[5] as string, before[0] as string]
    await grab(mei, byHand)
    await grip(ada, byKeys).focus()
    for (const key of ['Space', 'Home']) await ada.keyboard.press(key)
    await expect(ada.getByText('Step 1 of 6')).toBeAttached()
    await carry(mei, before[3] as string)
    await Promise.all([ada.keyboard.press('Space'), mei.mouse.up()])
    await expect.poll(async () => (await steps(tomas))[0]).toBe(byKeys)
    await expect.poll(async () => (await steps(tomas)).indexOf(byHand)).toBeGreaterThan(2)
    await everyoneReads(await steps(tomas))
    await expect(grip(ada, byKeys)).toBeFocused()
  })

  await test.step('Ada and Mei write in the same step; Tomás sees who, and nothing typed is lost', async () => {
    for (const page of [ada, mei]) await plan(page).getByRole('button', { name: 'Draw the map', exact: true }).click()
    await expect(tomas.getByText('Ada and Mei are editing')).toBeVisible()
    await ada.keyboard.press('Home')
    await Promise.all([ada.keyboard.type('Carefully: ', { delay: 15 }), mei.keyboard.type(' of the harbour', { delay: 15 })])
    for (const page of [ada, mei]) await page.keyboard.press('Enter')
    await expect.poll(() => steps(tomas)).toContain('Carefully: Draw the map of the harbour')
    await expect(tomas.getByText(/(is|are) editing/)).toHaveCount(0)
  })

  await test.step('Tomás gives it to Mei while Ada begins it', async () => {
    const text = 'Carefully: Draw the map of the harbour'
    await Promise.all([
      (async () => {
        await plan(tomas).getByText(text).hover()
        await plan(tomas)
          .getByRole('button', { name: `Assign "${text}"` })
          .click()
        await tomas.getByRole('menuitemradio', { name: 'Mei' }).click()
      })(),
      plan(ada)
        .getByRole('button', { name: `Open: ${text}` })
        .click(),
    ])
    for (const page of all) {
      await expect(plan(page).getByRole('button', { name: `In progress: ${text}` })).toBeVisible()
      await expect(plan(page).getByRole('listitem').filter({ hasText: text }).getByTitle('Assigned to Mei')).toBeVisible()
    }
  })

  await test.step('Tomás deletes a step and brings it back; Ada undoes her beginning, and his stays', async () => {
    const whole = await steps(ada)
    await plan(tomas).getByText('Paint it').hover()
    await plan(tomas).getByRole('button', { name: 'Change "Paint it"' }).click()
    await tomas.getByRole('menuitem', { name: 'Delete' }).click()
    await everyoneReads(whole.filter((text) => text !== 'Paint it'))
    await tomas.getByRole('button', { name: 'Undo' }).click()
    await everyoneReads(whole)
    const text = 'Carefully: Draw the map of the harbour'
    await plan(ada)
      .getByRole('button', { name: `In progress: ${text}` })
      .focus()
    await ada.keyboard.press('Control+z')
    for (const page of all) {
      await expect(plan(page).getByRole('button', { name: `Open: ${text}` })).toBeVisible()
      await expect(plan(page).getByRole('listitem').filter({ hasText: text }).getByTitle('Assigned to Mei')).toBeVisible()
    }
  })

  await test.step('who comes back reads the same', async () => {
    const last = await steps(tomas)
    await ada.reload()
    await everyoneReads(last)
  })
})

async function add(page: Page, texts: readonly string[]) {
  await page.getByRole('button', { name: 'Add a step' }).click()
  for (const text of texts) {
    await page.getByRole('textbox', { name: 'New step' }).fill(text)
    await page.keyboard.press('Enter')
  }
  await page.keyboard.press('Escape')
}

/** Takes a step by its grip with the mouse, before anybody moves it from under the pointer. */
async function grab(page: Page, text: string) {
  await plan(page).getByText(text, { exact: true }).hover()
  await grip(page, text).hover()
  await page.mouse.down()
  await expect(grip(page, text)).toHaveAttribute('aria-pressed', 'true')
}

/** What the mouse holds, to below another step. */
async function carry(page: Page, below: string) {
  const step = plan(page).getByText(below, { exact: true })
  await step.scrollIntoViewIfNeeded()
  const to = await step.boundingBox()
  if (!to) throw new Error('the step is not drawn')
  await page.mouse.move(to.x + 4, to.y + to.height - 2, { steps: 6 })
}
