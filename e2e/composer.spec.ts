import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, fileTree, log, makeInvite, messageBox, signUp } from './room-page.ts'

const messages = (page: Page, text: string) => log(page).getByRole('article').filter({ hasText: text })

test('Ada mentions, commands, attaches and writes with no network: each arrives, once', async ({ ada, mei }) => {
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
    await (
      await chooser
    ).setFiles([
      { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('id,total\n1,2\n') },
      { name: 'big.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(21 * 1024 * 1024) },
    ])
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
})
