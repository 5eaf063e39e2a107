import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { createProject, log, makeInvite, messageBox, signUp } from './room-page.ts'

/** A page that says what happened and has a way home, which is taken. */
async function leadsHome(page: Page, heading: string) {
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
  await expect(page).toHaveTitle(`${heading} – Atrium`)
  await page.getByRole('link', { name: 'Go to your projects' }).click()
  await expect(page).toHaveURL('/')
}

test('links that lead nowhere say why, and so do rooms that end while somebody is in them', async ({ ada, mei, tomas }) => {
  await ada.goto('/')
  await signUp(ada, 'Ada')
  await createProject(ada, 'Tides')
  await ada.getByRole('button', { name: 'New session' }).first().click()
  await expect(log(ada)).toBeVisible()
  await expect(ada).toHaveURL(/\/s\/ses_/)
  const session = new URL(ada.url()).pathname
  const project = session.replace(/\/s\/.*/, '')
  const invite = await makeInvite(ada)
  for (const [page, name] of [
    [mei, 'Mei'],
    [tomas, 'Tomás'],
  ] as const) {
    await page.goto(invite)
    await signUp(page, name)
    await expect(page).toHaveURL(/\/p\/prj_/)
    await page.goto(session)
    await expect(messageBox(page)).toBeEnabled()
  }

  await test.step('links whose end is missing, and an invite that nobody made', async () => {
    await ada.goto(session.slice(0, -6))
    await expect(ada.getByText('This session no longer exists')).toBeVisible()
    await expect(ada).toHaveURL(session)
    await ada.goto(project.slice(0, -6))
    await leadsHome(ada, 'This link is incomplete')
    await ada.goto('/invite/nobodymadethisone')
    await leadsHome(ada, 'This invite link does not work')
  })

  await test.step('Ada removes Tomás while he writes', async () => {
    await messageBox(tomas).fill('The moon is')
    await ada.goto(session)
    await ada.getByRole('button', { name: 'Share' }).click()
    await ada.getByRole('button', { name: 'Remove Tomás' }).click()
    await ada.getByRole('dialog', { name: 'Remove Tomás?' }).getByRole('button', { name: 'Remove' }).click()
    await leadsHome(tomas, 'You are no longer in Tides')
    await expect(tomas.getByText('Tides')).toHaveCount(0)
    await expect(messageBox(mei)).toBeEnabled()
  })

  await test.step('Ada deletes the project while Mei is in it', async () => {
    await ada.goto(project.replace('/p/', '/settings/'))
    await ada.getByRole('button', { name: 'Delete project' }).click()
    const dialog = ada.getByRole('dialog')
    await dialog.getByRole('textbox').fill('Tides')
    await dialog.getByRole('button', { name: 'Delete project' }).click()
    await expect(ada).toHaveURL('/')
    await leadsHome(mei, 'Tides was deleted')
    await mei.goto(session)
    await leadsHome(mei, 'You cannot open this project')
  })
})
