import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { root } from './root.mjs'

const calls = /[\\/]shared[\\/]\w+[\\/]api\.ts$/
const definition = /^ {2}(\w+): defineCall\(\{\n[^]*?^ {2}\}\),\n/gm
const summary = /^ {4}summary:\s+(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`),\n/gm

/** Leaves out of the browser's build the calls it never makes, and what describes the others to people. */
export function leanCalls(): Plugin {
  let made: ReadonlySet<string> | undefined
  return {
    name: 'atrium-lean-calls',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0] ?? id
      if (!calls.test(file)) return null
      made ??= callsMade()
      return withoutOthers(readFileSync(file, 'utf8'), made)
    },
  }
}

export function withoutOthers(source: string, made: ReadonlySet<string>): string {
  return source.replace(definition, (whole, name: string) => (made.has(name) ? whole.replace(summary, '') : ''))
}

/** Every call that a file of the interface names, as `projectCalls.getProject` does. */
export function callsMade(): ReadonlySet<string> {
  const files = globSync('client/**/*.{ts,tsx}', { cwd: root }).filter((path) => !/\.test\.tsx?$/.test(path))
  return new Set(files.flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/\b\w+Calls\.(\w+)/g)].map(([, name = '']) => name)))
}
