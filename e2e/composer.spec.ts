import { truncate, writeFile } from 'node:fs/promises'
import type { Page, TestInfo } from '@playwright/test'
import { maxUploadBytes } from '#shared/files/api.ts'
import { expect, test } from './fixtures.ts'
import { createProject, fileTree, log, makeInvite, messageBox, peopleHere, say, signUp, writeTo } from './room-page.ts'

const messages = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text })

/** A file on the disk of the person; of a large one only its length. */
async function aFile(info: TestInfo, name: string, text: string, bytes = Buffer.byteLength(text)): Promise<string> {
  const path = info.outputPath(name)
  await writeFile(path, text)
  await truncate(path, bytes)
  return path
}

test('Ada mentions, commands, attaches and writes with no network: each arrives, once', async ({ ada, mei }, info) => {
  const send = () => ada.keyboard.press('Control+Enter')
  const suggestions = ada.getByRole('listbox', { name: 'Suggestions' })

  await test.step('Ada and Mei are in one room', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Harbour')
    await mei.goto(await makeInvite(ada))
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
  })

  await test.step('a mention is chosen by keys, and the first message makes the session', async () => {
    await writeTo(ada, 'people')
    await messageBox(ada).click()
    await ada.keyboard.type('Good morning @me')
    await expect(suggestions.getByRole('option')).toHaveCount(1)
    await ada.keyboard.press('Enter')
    await expect(messageBox(ada)).toHaveValue('Good morning @Mei ')
    await send()
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await expect(log(ada)).toContainText('Good morning @Mei')
    await mei.goto(new URL(ada.url()).pathname)
    await expect(log(mei)).toContainText('Good morning @Mei')
    await expect(ada.getByRole('combobox', { name: 'To', exact: true })).toHaveValue('people')
  })

  await test.step('a slash runs a command, and what is written before the page is reloaded stays', async () => {
    await messageBox(ada).click()
    // Asked for in time: the browser is told of it on the way.
    const chooser = ada.waitForEvent('filechooser')
    await ada.keyboard.type('/attach')
    await expect(ada.getByRole('option', { name: '/attach' })).toBeVisible()
    await ada.keyboard.press('Enter')
    await (await chooser).setFiles([await aFile(info, 'orders.csv', 'id,total\n1,2\n'), await aFile(info, 'big.bin', '', maxUploadBytes + 1)])
    const attached = ada.getByRole('list', { name: 'Attached files' })
    await expect(attached.getByRole('button', { name: 'Remove orders.csv' })).toBeVisible()
    await expect(attached.getByRole('alert')).toContainText('Files can be up to')
    await attached.getByRole('button', { name: 'Remove big.bin' }).click()
    await expect(fileTree(ada).getByRole('treeitem', { name: 'orders.csv' })).toBeVisible()
    await messageBox(ada).fill('Here are the orders')
    await ada.reload()
    await expect(messageBox(ada)).toHaveValue('Here are the orders')
    await messageBox(ada).focus()
    await send()
    await expect(log(mei)).toContainText('Here are the orders')
    await expect(log(mei).getByText('orders.csv').first()).toBeVisible()
  })

  await test.step('a picture that is pasted goes into the workspace under a name of its own', async () => {
    await messageBox(ada).focus()
    await messageBox(ada).evaluate((box) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array([1, 2, 3])], 'image.png', { type: 'image/png' }))
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    await expect(fileTree(ada).getByRole('treeitem', { name: /^pasted-.*\.png/ })).toBeVisible()
    await ada.getByRole('button', { name: /^Remove pasted-/ }).click()
  })

  await test.step('with no network two messages wait, are counted, and outlive a reload; then each is said once', async () => {
    await ada.evaluate(async () => void (await navigator.serviceWorker.ready))
    await ada.context().setOffline(true)
    for (const text of ['First from the quay', 'Second from the quay']) {
      await messageBox(ada).fill(text)
      await send()
    }
    const waiting = ada.getByRole('list', { name: 'Not sent yet' })
    await expect(waiting).toContainText('Waiting to send')
    await expect(waiting.getByRole('listitem')).toHaveCount(2)
    await expect(ada.getByText(/2 changes will sync/).first()).toBeVisible()
    await ada.reload()
    await expect(waiting).toContainText('First from the quay')
    await ada.context().setOffline(false)
    for (const page of [ada, mei]) {
      for (const text of ['First from the quay', 'Second from the quay']) await expect(messages(page, text)).toHaveCount(1)
    }
    await expect(waiting).toHaveCount(0)
    await ada.reload()
    await expect(messages(ada, 'First from the quay')).toHaveCount(1)
  })

  await test.step('what was said comes back with the arrows', async () => {
    await messageBox(ada).click()
    await ada.keyboard.press('ArrowUp')
    await expect(messageBox(ada)).toHaveValue('Second from the quay')
    await ada.keyboard.press('ArrowUp')
    await expect(messageBox(ada)).toHaveValue('First from the quay')
    for (let i = 0; i < 2; i += 1) await ada.keyboard.press('ArrowDown')
    await expect(messageBox(ada)).toHaveValue('')
  })

  await test.step('Ada chooses what answers: the run and its trace name it, a reload keeps it, and Mei has her own', async () => {
    const model = (page: Page) => page.getByRole('combobox', { name: 'Model' })
    await writeTo(ada, 'Builder')
    await expect(model(ada).getByRole('option')).toHaveText(['Demo model', 'Brief demo model'])
    await messageBox(ada).click()
    await ada.keyboard.type('/model bri')
    await expect(suggestions.getByRole('option').first()).toContainText('Brief demo model')
    await ada.keyboard.press('Enter')
    await expect(model(ada)).toHaveValue('atrium-demo-brief')
    await expect(messageBox(ada)).toHaveValue('')
    await messageBox(ada).fill('@agent Hello!')
    await send()
    const run = ada.getByRole('group', { name: 'Run' })
    await expect(run).toContainText('Run finished')
    await expect(run).toContainText('Brief demo model')
    await expect(log(ada).getByText('Hello, Ada!', { exact: true })).toBeVisible()
    await ada.getByRole('tab', { name: 'Trace' }).click()
    await expect(ada.getByText('with Brief demo model')).toBeVisible()
    await expect(ada.getByRole('list', { name: 'Steps of the run' })).toContainText('Model Brief demo model')
    await ada.reload()
    await expect(model(ada)).toHaveValue('atrium-demo-brief')
    await expect(model(mei)).toHaveValue('atrium-demo')
    await model(ada).selectOption('Demo model')
    await messageBox(ada).fill('@agent Hello!')
    await send()
    await expect(log(mei).getByText('Hello, Ada! I am the demo model').first()).toBeVisible()
  })
})

test('Mei comes while Builder works: Ada still steers it, each keeps whom they write to, and nobody’s word is lost', async ({ ada, mei }) => {
  const to = (page: Page) => page.getByRole('combobox', { name: 'To', exact: true })
  const steering = (page: Page) => page.getByRole('radiogroup', { name: 'When it is read' })
  const queued = (page: Page) => page.getByRole('list', { name: 'Queued' })

  await test.step('Ada asks for something that waits for people, and Mei joins', async () => {
    await ada.goto('/')
    await signUp(ada, 'Ada')
    await createProject(ada, 'Harbour')
    const invite = await makeInvite(ada)
    await say(ada, 'Ask for approval to deploy')
    await expect(ada).toHaveURL(/\/s\/ses_/)
    await expect(ada.getByRole('button', { name: 'Approve', exact: true }).first()).toBeVisible({ timeout: 60_000 })
    await mei.goto(invite)
    await signUp(mei, 'Mei')
    await expect(mei).toHaveURL(/\/p\/prj_/)
    await mei.goto(new URL(ada.url()).pathname)
    await expect(peopleHere(ada)).toContainText('Mei')
  })

  await test.step('nothing flips: both write to Builder and may steer it', async () => {
    for (const page of [ada, mei]) {
      await expect(to(page)).toHaveValue('agent')
      await expect(steering(page)).toBeVisible()
    }
    await say(ada, 'Use the small server')
    await expect(queued(mei)).toContainText('Use the small server')
  })

  await test.step('Mei writes to people: a reload keeps that, and steering stays in sight', async () => {
    await writeTo(mei, 'people')
    await mei.reload()
    await expect(to(mei)).toHaveValue('people')
    await expect(mei.getByRole('radiogroup', { name: 'Write to Builder instead' })).toBeVisible()
    await messageBox(mei).pressSequentially('@Ada')
    await expect(ada.getByText('Mei is typing')).toBeVisible()
    await messageBox(mei).fill('')
    await expect(ada.getByText('Mei is typing')).toHaveCount(0)
    await say(mei, '@Ada, after lunch?')
    await expect(messages(ada, 'after lunch?')).toContainText('To people')
    await expect(log(ada).locator('.mention-self')).toHaveText('@Ada')
    await expect(to(ada)).toHaveValue('agent')
  })

  await test.step('Ada hands it to Builder, and both see that', async () => {
    await messages(ada, 'after lunch?').getByRole('button', { name: 'Ask Builder' }).click()
    for (const page of [ada, mei]) await expect(messages(page, 'after lunch?').first()).toContainText('Passed to Builder')
    await expect(queued(mei)).toContainText('Mei wrote')
  })

  await test.step('calling Builder writes to it from now on, also after a reload; a mention of Ada changes nothing', async () => {
    await messageBox(mei).fill('@agent not on Friday')
    await expect(mei.getByText('Now writing to Builder')).toBeVisible()
    await mei.getByRole('button', { name: 'Send' }).click()
    await expect(queued(ada)).toContainText('not on Friday')
    await mei.reload()
    await expect(to(mei)).toHaveValue('agent')
    await messageBox(mei).fill('as @Ada says')
    await expect(mei.getByText(/^Builder reads this.* · Ada is mentioned$/)).toBeVisible()
    await expect(to(mei)).toHaveValue('agent')
    await messageBox(mei).fill('')
  })

  await test.step('steering is one press away from writing to people', async () => {
    await writeTo(mei, 'people')
    await mei.getByRole('radio', { name: 'Queue' }).click()
    await expect(to(mei)).toHaveValue('agent')
    await expect(steering(mei).getByRole('radio', { name: 'Queue' })).toBeChecked()
  })

  await test.step('who likes Enter to send says so once', async () => {
    await mei.getByRole('button', { name: 'Enter adds a line' }).click()
    await messageBox(mei).fill('first line')
    await messageBox(mei).press('Shift+Enter')
    await messageBox(mei).pressSequentially('second line')
    await messageBox(mei).press('Enter')
    await expect(messageBox(mei)).toHaveValue('')
    await expect(queued(ada)).toContainText('second line')
    await mei.reload()
    await expect(mei.getByRole('button', { name: 'Shift + Enter adds a line' })).toBeVisible()
  })

  await test.step('what was said is read, once each', async () => {
    await ada.getByRole('button', { name: 'Deny' }).first().click()
    await expect(ada.getByRole('group', { name: 'Run', exact: true })).toContainText(/finished|Waiting/, { timeout: 60_000 })
    for (const page of [ada, mei]) await expect(messages(page, 'Use the small server').first()).toBeVisible()
  })
})
