import type { CrashableServer } from '../server/testing/crashable-server.ts'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { fileTree } from './room-page.ts'

/** What a person sees and does in the files of a room. */
export const editor = (page: Page) => page.locator('.cm-content')
export const line = (page: Page, number: number) => page.locator('.cm-line').nth(number - 1)
export const caretOf = (page: Page, name: string) => page.locator('.cm-person', { hasText: name })
export const row = (page: Page, name: string | RegExp) => fileTree(page).getByRole('treeitem', { name })

/** The lines of the open file, without what stands beside them. */
export const lines = (page: Page) =>
  editor(page).evaluate((content) =>
    [...content.querySelectorAll('.cm-line')].map((one) => {
      const copy = one.cloneNode(true) as HTMLElement
      for (const note of copy.querySelectorAll('.cm-blame')) note.remove()
      return copy.textContent
    }),
  )

export const projectOf = (page: Page) => /\/p\/(prj_[^/?]+)/.exec(page.url())?.[1] ?? ''

/** A call of the API as this person. */
export async function ask(page: Page, method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, data: unknown = {}) {
  const answer = await page.request.fetch(new URL(`/api/projects/${projectOf(page)}/${path}`, page.url()).href, {
    method,
    ...(method !== 'get' && { data }),
    headers: { origin: new URL(page.url()).origin },
  })
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
  return answer
}

/** The folder on this machine in which the files of the only sandbox are. */
export async function workspaceOf({ dataDirs }: Pick<CrashableServer, 'dataDirs'>): Promise<string> {
  for (const dataDir of dataDirs) {
    const sandboxes = join(dataDir, 'sandboxes')
    const [only] = await readdir(sandboxes).catch(() => [])
    if (only !== undefined) return join(sandboxes, only, 'home', 'user')
  }
  throw new Error('there is no sandbox')
}

/** At the start or the end of a line, in one edit. */
export async function writeAt(page: Page, number: number, key: 'Home' | 'End', text: string) {
  await line(page, number).click()
  await page.keyboard.press(key)
  await page.keyboard.insertText(text)
}
