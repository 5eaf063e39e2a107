/** `.ci/bare node run-bare.ts <file>`: the tests that need a program of the machine, and all journeys. What came of them is written into `file`. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBrowserSuite } from './browser-suite.ts'
import { root } from './root.mjs'
import { runVitest } from './vitest-suite.ts'

const [file = ''] = process.argv.slice(2)
const names = readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })
const tests = names.map((name) => join('server', name)).filter((name) => name.endsWith('.integration.test.ts'))
const needing = tests.filter((name) => /\bneeds\(/.test(readFileSync(join(root, name), 'utf8')))
const outcomes = [await runVitest('integration', 60 * 60_000, needing), await runBrowserSuite('bare')]
writeFileSync(file, JSON.stringify(outcomes))
