import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingNames } from '../config.ts'
import { demoIntents } from '../models/demo/intents/all.ts'
import { demoModels } from '../models/demo/models.ts'
import { root } from './root.mjs'

// The formatter pads tables; that is not what is checked here.
const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/ +/g, ' ')

test('the README lists every setting, and no other', () => {
  const listed = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual([...settingNames].toSorted())
})

test('the README says what the demo model understands', () => {
  for (const { example } of demoIntents) expect(readme).toContain(`| ${example} |`)
})

test('the README lists the models of the demo endpoint', () => {
  for (const { id, name, does } of demoModels) expect(readme).toContain(`| \`${id}\` | ${name} | ${does} |`)
})

test('what the README points at is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(0)
  for (const path of links) expect(existsSync(join(root, path)), path).toBe(true)
})
