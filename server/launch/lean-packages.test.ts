import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { createInstance as createInstanceOf } from 'i18next'
import { lexer } from 'marked'
import { expect, test } from 'vitest'
import { onlyLexer, unusedFormats, withoutBackend, withoutFormats } from './lean-packages.ts'
import { root } from './root.mjs'

const require = createRequire(import.meta.url)

test('the lexer that is left reads what the whole package reads', async () => {
  const file = require.resolve('marked')
  const source = onlyLexer(readFileSync(file, 'utf8'), file)
  const { Lexer } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as { Lexer: { lex: typeof lexer } }
  const text =
    '# Tides\n\n- [x] *read* `tables`\n  1. ~~twice~~ <b>\n\n| a | b |\n|---|--:|\n| 1 | https://a.example |\n\n> ```ts\n> x\n> ```\n\n[a]: /b "c"\n[d][a] ![e](f) &amp; a@b.example\\\nend\n***\n<div>\n</div>'
  expect(Lexer.lex(text)).toEqual(lexer(text))
})

test('strings that are given are said without what would fetch them', async () => {
  const file = createRequire(import.meta.url)
    .resolve('i18next')
    .replace(/dist\/cjs\/.*/, 'dist/esm/i18next.js')
  const source = withoutBackend(readFileSync(file, 'utf8'), file)
  const { createInstance } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as {
    createInstance: typeof createInstanceOf
  }
  const core = createInstance()
  void core.init({
    lng: 'en',
    fallbackLng: false,
    resources: { en: { plan: { add_one: '{{count}} step', add_other: '{{count}} steps' } } },
    ns: ['plan'],
    initAsync: false,
  })
  core.addResourceBundle('en', 'late', { said: 'Said by {{name}}' })
  expect([core.t('add', { ns: 'plan', count: 2 }), core.t('said', { ns: 'late', name: 'Mei' })]).toEqual(['2 steps', 'Said by Mei'])
})

test('no schema asks for a kind of text that is left out', () => {
  const asked = new RegExp(`\\bz(?:\\.string\\(\\)[^;\\n]*)?\\.(?:iso\\.)?(?:${unusedFormats.join('|')})\\(`)
  const files = globSync('{shared,client}/**/*.{ts,tsx}', { cwd: root })
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((path) => asked.test(readFileSync(join(root, path), 'utf8')))).toEqual([])
  expect(asked.test('z.string().min(1).uuid()')).toBe(true)
})

test('a package that is made otherwise than it was is told at the build', () => {
  expect(() => onlyLexer('export{a as Parser}', 'marked.js')).toThrow('look at marked again')
  expect(() => withoutFormats('', 'schemas.js')).toThrow('look at zod again')
})
