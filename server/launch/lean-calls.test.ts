import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callsMade, withoutOthers } from './lean-calls.ts'
import { root } from './root.mjs'

const sources = globSync('shared/*/api.ts', { cwd: root })
  .filter((path) => path !== join('shared', 'wire', 'api.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
const namesIn = (text: string) => [...text.matchAll(/^ {2}(\w+): defineCall\(/gm)].map(([, name = '']) => name)

test('calls that the interface makes stay, without what describes them; the others go', () => {
  const made = callsMade()
  const kept = sources.map((source) => withoutOthers(source, made)).join('\n')
  const defined = sources.flatMap(namesIn)
  expect(defined.length).toBeGreaterThan(60)
  expect(namesIn(kept).toSorted()).toEqual(defined.filter((name) => made.has(name)).toSorted())
  expect(kept).not.toMatch(/^\s*summary:/m)
  expect(namesIn(kept).length).toBeLessThan(defined.length)
})

test('no file of the interface takes calls as a whole, where it could not be told which it makes', () => {
  const names = sources.flatMap((source) => [...source.matchAll(/^export const (\w+Calls)\b/gm)].map(([, name]) => name))
  expect(names.length).toBeGreaterThan(9)
  const whole = new RegExp(`(?<!typeof )\\b(?:${names.join('|')})\\b(?!\\.\\w)`)
  const taking = globSync('client/**/*.{ts,tsx}', { cwd: root }).filter((path) =>
    whole.test(readFileSync(join(root, path), 'utf8').replace(/^import [^']*'.*'$/gm, '')),
  )
  expect(taking).toEqual([])
})
