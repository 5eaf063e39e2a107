/** Fails on an import that crosses a boundary, on one that leads nowhere, on a port that holds more than types, and when nothing was checked. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'oxc-parser'
import { root } from '../root.mjs'
import { importViolation } from './import-rules.ts'
import { sourceFiles } from './source-files.ts'

const files = sourceFiles()
const wrong: string[] = []
let checked = 0
for (const file of files) {
  const source = readFileSync(join(root, file), 'utf8')
  if (isPort(file) && holdsValues(file, source)) wrong.push(`${file}: a port holds types only`)
  for (const specifier of specifiersOf(file, source)) {
    const target = resolve(file, specifier)
    checked += 1
    const why = target === undefined ? 'there is no such file' : importViolation(file, target)
    if (why) wrong.push(`${file}: imports ${specifier}: ${why}`)
  }
}

// A gate that cannot fail is none: it must find a forbidden import in a module that has one.
const planted = specifiersOf('planted.ts', "import type { A } from '#client/main.tsx'\nexport { b } from 'ws'\nawait import('./c.ts')")
if (planted.join() !== '#client/main.tsx,ws,./c.ts' || !importViolation('server/files/routes.ts', 'client/main.tsx')) {
  wrong.push('self-test: a planted import was not found')
}
if (!holdsValues('planted.ts', 'export class A {}') || holdsValues('planted.ts', "import type { A } from './a.ts'\nexport type B = A")) {
  wrong.push('self-test: a value in a port was not found, or a type was taken for one')
}
if (files.length === 0 || checked === 0) wrong.push('no import was checked')
for (const line of wrong) console.error(line)
console.log(`${checked} imports of ${files.length} files checked`)
process.exit(wrong.length > 0 ? 1 : 0)

/** What other features know a feature by. */
function isPort(file: string): boolean {
  return /^server\/[a-z-]+\/port\.ts$/.test(file)
}

function holdsValues(file: string, source: string): boolean {
  const { staticImports, staticExports } = parseSync(file, source).module
  return [...staticImports, ...staticExports].some(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
}

/** Every specifier a module names: imports, re-exports and `import('…')` with a plain string. */
function specifiersOf(file: string, source: string): string[] {
  const { module, errors } = parseSync(file, source)
  if (errors.length > 0) wrong.push(`${file}: cannot be parsed: ${errors[0]?.message}`)
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => source.slice(moduleRequest.start, moduleRequest.end))
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...dynamic.filter((text) => /^(['"`])[^'"`$]+\1$/.test(text)).map((text) => text.slice(1, -1)),
  ]
}

/** A path from the root, or the package's specifier; undefined when no such file exists. */
function resolve(file: string, specifier: string): string | undefined {
  const [path = specifier] = specifier.split('?')
  const own = /^#(shared|server|client)\//.test(path) ? path.slice(1) : path.startsWith('.') ? posix.join(dirname(file), path) : undefined
  if (own === undefined) return specifier
  return existsSync(join(root, own)) ? own : undefined
}
