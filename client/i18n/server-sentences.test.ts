import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sentences } from './server-sentences-zh-cn.ts'
import { createServerText } from './server-sentences.ts'

const server = join(import.meta.dirname, '../../server')
const sources = globSync('**/*.ts', { cwd: server })
  .filter((file) => !/\.test\.ts$|(^|\/)testing\/|^bench\//.test(file))
  .map((file) => readFileSync(join(server, file), 'utf8'))

const shape = (text: string) => text.replaceAll(/\$\{[^}]*\}/g, '{}')
const literals = (source: string) =>
  [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map((found) =>
    shape(found[1] ?? found[2] ?? found[3] ?? ''),
  )

/** Sentences for programs and for whoever runs the server: only these may stay English. */
const forPrograms =
  /NUL|pixels|columns and rows|Use list_files|Use search_files|UTF-8 text\.|GET \/api|id belongs|artifact|no context|neither a file|service worker|The tool \{\} no longer|upload was cut off|search failed|not allowed here|^\{\}: /

test('every sentence is one that the server says', () => {
  const said = new Set(sources.flatMap(literals))
  const words = [...said].join('\n')
  const lost = Object.keys(sentences).filter((key) => !said.has(key) && !key.split('{}').every((part) => words.includes(part)))
  expect(lost).toEqual([])
})

test('what a refused call says to people is there in Chinese', () => {
  const shownCodes =
    /new AppError\(\s*'(?:invalid_input|forbidden|not_found|conflict|gone|sandbox_failed|not_implemented)',\s*(?:'([^'\n]*)'|`([^`]*)`|"([^"\n]*)")/g
  const shown = sources.flatMap((source) => [...source.matchAll(shownCodes)].map((found) => shape(found[1] ?? found[2] ?? found[3] ?? '')))
  const sentencesForPeople = shown.filter((text) => /^(\p{Lu}|\{\} )/u.test(text) && text.endsWith('.') && !forPrograms.test(text))
  expect(sentencesForPeople.length).toBeGreaterThan(70)
  expect([...new Set(sentencesForPeople.filter((text) => !Object.hasOwn(sentences, text)))]).toEqual([])
})

test('names stay as they are, and a role inside is said in Chinese too', () => {
  const say = createServerText(sentences)
  expect(say('Mei is already a member (viewer).')).toBe('Mei 已是成员（查看者）。')
  expect(say('Run npm test && npm run lint')).toBe('运行 npm test && npm run lint')
  expect(say('Start python -m http.server (8000) in a terminal')).toBe('在终端中启动 python -m http.server (8000)')
  expect(say('Tomás wrote this.')).toBeUndefined()
})
