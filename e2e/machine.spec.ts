import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { skipUnless } from './needs.ts'
import { createProject, makeInvite, signUp } from './room-page.ts'

const show = (page: Page, tab: string) => page.getByRole('tab', { name: tab, exact: true }).click()
const terminal = (page: Page) => page.getByRole('region', { name: /^Terminal / })
const port = '5173'

/** A figure as notebooks have them, without a package. */
const figure = `class Chart:
    def _repr_svg_(self):
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40" width="90" height="40"><rect width="30" height="40" fill="#1f62b5"/></svg>'

print(6 * 7)
Chart()`

/** Ada makes a room, and Mei comes. */
const meet = (ada: Page, mei: Page) =>
  test.step('both are in the room', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Sales dashboard')
    await mei.goto(await makeInvite(ada))
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
  })

test('Ada and Mei share one machine: a terminal, Python and a preview', async ({ ada, mei }) => {
  await skipUnless('sandbox', 'python')
  const both = [ada, mei]
  await meet(ada, mei)

  await test.step('Ada opens a terminal and types; Mei sees it, and who types', async () => {
    for (const page of both) await show(page, 'Terminal')
    await expect(mei.getByText('No terminal yet')).toBeVisible()
    await ada.getByRole('button', { name: 'Open a terminal' }).click()
    await terminal(ada).getByRole('textbox').focus()
    await ada.keyboard.type('mkdir site; echo "<h1>Tides of $((2000 + 26))</h1>" > site/index.html; cat site/index.html\n')
    for (const page of both) await expect(terminal(page)).toContainText('<h1>Tides of 2026</h1>')
    await expect(mei.getByText('Ada is typing')).toBeVisible()
  })

  await test.step('a program asks the terminal: of everybody who watches one answers, and a reload says nothing', async () => {
    const asks = `printf '\\e[6n'; read -rsd R -t 20 where; echo "at=<\${where#*[}>"; read -rsn1 -t 3 && echo more-$((1 + 1)); echo over-$((1 + 1))\n`
    await ada.keyboard.type(asks)
    for (const page of both) await expect(terminal(page)).toContainText(/at=<\d+;\d+>/)
    await mei.reload()
    await show(mei, 'Terminal')
    for (const page of both) await expect(terminal(page)).toContainText('over-2')
    await ada.keyboard.type('echo end-$((1 + 1))\n')
    for (const page of both) {
      await expect(terminal(page)).toContainText('end-2')
      await expect(terminal(page)).not.toContainText(/more-2|\d;\d+R/)
    }
  })

  await test.step('Mei runs a cell; both see what it says and draws', async () => {
    for (const page of both) await show(page, 'Python')
    const draft = mei.getByRole('textbox', { name: /cell\.py/ })
    await draft.click()
    await mei.keyboard.insertText(figure)
    await mei.getByRole('button', { name: 'Run', exact: true }).click()
    for (const page of both) {
      const cell = page.getByRole('list', { name: 'Python cells' }).getByRole('listitem', { name: 'Cell 1' })
      await expect(cell.getByRole('group', { name: 'Output' })).toContainText('42')
      await expect(cell.getByRole('img', { name: /^Figure/ })).toBeVisible()
    }
  })

  await test.step('what begins to listen in the terminal is offered to both, and opens in its frame', async () => {
    await show(ada, 'Terminal')
    await terminal(ada).getByRole('textbox').focus()
    await ada.keyboard.type(`python3 -m http.server ${port} --directory site\n`)
    await expect(terminal(ada)).toContainText('Serving HTTP')
    for (const page of both) {
      await show(page, 'Preview')
      await page.getByRole('button', { name: `Open port ${port}` }).click()
      await expect(page.frameLocator(`iframe[title="Preview of port ${port}"]`).getByRole('heading', { name: 'Tides of 2026' })).toBeVisible()
    }
  })
})

test('Ada and Mei share one desktop', async ({ ada, mei }) => {
  await skipUnless('sandbox', 'desktop')
  const both = [ada, mei]
  await meet(ada, mei)

  await test.step('Mei starts the desktop; Ada takes control, and Mei sees what her keys do', async () => {
    for (const page of both) await show(page, 'Desktop')
    await mei.getByRole('button', { name: 'Start desktop' }).click()
    for (const page of both) await expect(page.getByRole('application', { name: /^Shared desktop/ }).locator('canvas')).toBeVisible()
    await show(mei, 'Terminal')
    await mei.getByRole('button', { name: 'Open a terminal' }).click()
    await terminal(mei).getByRole('textbox').focus()
    await mei.keyboard.type(
      "xterm -geometry 120x40+0+0 -e 'cat > tides.txt' & xdotool search --sync --onlyvisible --class xterm > window; echo shown-$((1 + 1)); wait; cat tides.txt\n",
    )
    await expect(terminal(mei)).toContainText('shown-2')
    await show(mei, 'Desktop')
    await ada.getByRole('button', { name: 'Take control' }).click()
    await expect(ada.getByText('You have control')).toBeVisible()
    await expect(mei.getByText('Ada has control')).toBeVisible()
    await ada.getByRole('application').click({ position: { x: 200, y: 150 } })
    const before = await picture(mei)
    await ada.keyboard.type('spring tide')
    await expect.poll(() => picture(mei)).not.toBe(before)
    await ada.keyboard.press('Enter')
    await ada.keyboard.press('Control+d')
    await show(mei, 'Terminal')
    await expect(terminal(mei)).toContainText('spring tide')
    await show(mei, 'Desktop')
  })

  await test.step('Mei asks for control, and Ada hands it over', async () => {
    await mei.getByRole('button', { name: 'Request control' }).click()
    await expect(mei.getByRole('button', { name: 'Cancel request' })).toBeVisible()
    await expect(ada.getByText('Mei asked for control')).toBeVisible()
    await ada.getByRole('button', { name: 'Hand over' }).click()
    await expect(mei.getByText('You have control')).toBeVisible()
    await expect(ada.getByText('Mei has control')).toBeVisible()
  })
})

/** What somebody sees of the desktop. */
const picture = (page: Page) =>
  page
    .getByRole('application')
    .locator('canvas')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
