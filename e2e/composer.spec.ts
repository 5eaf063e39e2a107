import { truncate, writeFile } from 'node:fs/promises'
import type { Page, TestInfo } from '@playwright/test'
import { maxUploadBytes } from '#shared/files/api.ts'
import { expect, test } from './fixtures.ts'
import { createProject, fileTree, log, makeInvite, messageBox, signUp } from './room-page.ts'

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
  })

  await test.step('a slash runs a command, and what is written before the page is reloaded stays', async () => {
    await messageBox(ada).click()
    await ada.keyboard.type('/attach')
    const chooser = ada.waitForEvent('filechooser')
    await ada.keyboard.press('Enter')
    await (await chooser).setFiles([await aFile(info, 'orders.csv', 'id,total\n1,2\n'), await aFile(info, 'big.bin', '', maxUploadBytes + 1)])
    const attached = ada.getByRole('list', { name: 'Attached files' })
    await expect(attached.getByRole('button', { name: 'Do not name orders.csv' })).toBeVisible()
    await expect(attached.getByRole('alert')).toContainText('A file may have at most')
    await attached.getByRole('button', { name: 'Leave out big.bin' }).click()
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
    await ada.getByRole('button', { name: /^Do not name pasted-/ }).click()
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
    await expect(log(mei).getByText('Hello, Ada! I am the demo model')).toBeVisible()
  })
})
