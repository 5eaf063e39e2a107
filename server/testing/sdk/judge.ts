import { readdirSync, readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import { readSurface, sdkPackages } from './surface.ts'
import { calls } from '../../sandboxes/host/calls-page.ts'
import type { Account } from './accounts.ts'

const folder = new URL('../../sandboxes/host/', import.meta.url)

type Call = { type?: string; callee?: { name?: string }; arguments?: { value?: unknown }[]; start: number; end: number }

/** The tests of the local host, by name: their text. */
function readTests(): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.integration.test.ts')) continue
    const text = readFileSync(new URL(name, folder), 'utf8')
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      const { type, callee, arguments: given, start, end } = node as Call
      const [first] = given ?? []
      if (type === 'CallExpression' && callee?.name === 'test' && typeof first?.value === 'string') {
        found.set(first.value, text.slice(start, end))
      } else for (const each of Object.values(node)) visit(each)
    }
    visit(parseSync(name, text).program.body)
  }
  return found
}

/** What a type's words stand for; `surface` is the whole of its package. */
function expand(type: string, words: string, surface: readonly string[]): string[] {
  return words.split(/\s+/).flatMap((word) => {
    if (word === '*') return surface.filter((name) => name === type || name.startsWith(`${type}.`))
    return word === '=' ? [type] : [`${type}.${word}`]
  })
}

/** What is said of the SDKs beside what is there. All three lists are to be empty. */
export function judge(accounts: readonly Account[]) {
  const tests = readTests()
  const lines = new Set(calls.flatMap((group) => group.calls.map(({ call }) => call)))
  const counts: Record<string, number> = {}
  const unaccounted: string[] = []
  /** Named, and not in the SDK. */
  const gone: string[] = []
  /** A test or a line of the page that there is not, or a test that never says the name. */
  const unfounded: string[] = []
  for (const sdk of sdkPackages) {
    const surface = readSurface(sdk)
    const told = new Set<string>()
    for (const account of accounts) {
      const shown = 'test' in account ? tests.get(account.test) : undefined
      for (const [type, words] of Object.entries(account[sdk] ?? {})) {
        for (const name of expand(type, words, surface)) {
          told.add(name)
          if (!surface.includes(name)) gone.push(`${sdk} ${name}`)
          if (shown === undefined) continue
          const word = /([\w$]+)\)?$/.exec(name)?.[1] ?? ''
          if (!new RegExp(`\\b${word}\\b`, 'i').test(shown))
            unfounded.push(`${sdk} ${name} is not in the test "${String((account as { test: string }).test)}"`)
        }
      }
    }
    counts[sdk] = surface.length
    unaccounted.push(...surface.filter((name) => !told.has(name)).map((name) => `${sdk} ${name}`))
  }
  for (const account of accounts) {
    if ('test' in account && !tests.has(account.test)) unfounded.push(`no test "${account.test}"`)
    if ('page' in account && !lines.has(account.page)) unfounded.push(`no line "${account.page}" on the page`)
  }
  return { counts, unaccounted, gone, unfounded }
}
