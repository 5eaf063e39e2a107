import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, log, say, signUp } from './room-page.ts'

/** What axe calls serious or critical, each as one readable line. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page keeps anybody out (${colorScheme})`, async ({ ada }) => {
    await ada.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await ada.goto('/')
    await expect(ada.getByRole('button', { name: 'Create account' })).toBeVisible()
    expect.soft(await violations(ada), 'sign-up').toEqual([])
    await signUp(ada, 'Ada')
    await expect(ada.getByRole('button', { name: 'New project' }).first()).toBeVisible()
    expect.soft(await violations(ada), 'home').toEqual([])
    await createProject(ada, 'Tides')
    await ada.getByRole('button', { name: 'New session' }).first().click()
    await expect(log(ada)).toBeVisible()
    expect.soft(await violations(ada), 'an empty room').toEqual([])
    await say(ada, 'Build a small web page about tides')
    await expect(ada.getByRole('button', { name: 'Approve', exact: true }).first()).toBeVisible({ timeout: 60_000 })
    expect.soft(await violations(ada), 'a room that waits for approval').toEqual([])
  })
}
