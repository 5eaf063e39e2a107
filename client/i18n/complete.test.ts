import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

type Strings = { [key: string]: string | Strings }

const folder = import.meta.dirname
const read = (language: string, namespace: string) => JSON.parse(readFileSync(join(folder, language, namespace), 'utf8')) as Strings
const flat = (strings: Strings, before = ''): [string, string][] =>
  Object.entries(strings).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`)))

/** Chinese has one plural form, so `new_one` and `new_other` of English are `new_other` there. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}|<\/?(\w+)\/?>/g)].map((match) => match[1] ?? `<${match[2]}>`)

const namespaces = readdirSync(join(folder, 'en')).toSorted()

test('both languages have the same namespaces', () => {
  expect(readdirSync(join(folder, 'zh-CN')).toSorted()).toEqual(namespaces)
  expect(namespaces.length).toBeGreaterThan(15)
})

describe.each(namespaces)('%s', (namespace) => {
  const en = flat(read('en', namespace))
  const zh = flat(read('zh-CN', namespace))

  test('has every string in both languages', () => {
    const keys = (strings: [string, string][]) => [...new Set(strings.map(([key]) => withoutPlural(key)))].toSorted()
    expect(keys(zh)).toEqual(keys(en))
    expect([...en, ...zh].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  test('fills in the same names in both languages', () => {
    const names = (strings: [string, string][]) => {
      const byKey = new Map<string, Set<string>>()
      for (const [key, text] of strings) {
        const set = byKey.get(withoutPlural(key)) ?? new Set()
        for (const name of placeholders(text)) if (name !== 'count') set.add(name)
        byKey.set(withoutPlural(key), set)
      }
      return Object.fromEntries([...byKey].map(([key, set]) => [key, [...set].toSorted()]))
    }
    expect(names(zh)).toEqual(names(en))
  })

  test('has the plural forms each language needs', () => {
    const forms = (strings: [string, string][]) =>
      Map.groupBy(
        strings.filter(([key]) => withoutPlural(key) !== key),
        ([key]) => withoutPlural(key),
      )
    for (const [key, found] of forms(en)) expect([key, found.map(([one]) => one).toSorted()]).toEqual([key, [`${key}_one`, `${key}_other`]])
    for (const [key, found] of forms(zh)) expect([key, found.map(([one]) => one)]).toEqual([key, [`${key}_other`]])
  })
})
