import { expect, test } from 'vitest'
import { createTranslator } from './translator.ts'

const en = {
  plan: { add: 'Add a step', steps_one: '{{count}} step', steps_other: '{{count}} steps', by: { person: '{{ name }} added “{{title}}”' } },
  common: { copy: 'Copy' },
}

test('strings are found by namespace and path, with what is filled in', () => {
  const translator = createTranslator()
  translator.speak('en', en)
  const t = translator.of('plan')
  expect(t('add')).toBe('Add a step')
  expect(t('common:copy')).toBe('Copy')
  expect(t('by.person', { name: 'Mei', title: '{{name}} $& tides' })).toBe('Mei added “{{name}} $& tides”')
})

test('a count chooses the form its language needs', () => {
  const translator = createTranslator()
  translator.speak('en', en)
  expect([0, 1, 2].map((count) => translator.of('plan')('steps', { count }))).toEqual(['0 steps', '1 step', '2 steps'])
  translator.speak('zh-CN', { plan: { steps_other: '{{count}} 个步骤' } })
  expect([1, 2].map((count) => translator.of('plan')('steps', { count }))).toEqual(['1 个步骤', '2 个步骤'])
})

test('what has no string is said by its key, also where a path ends early', () => {
  const translator = createTranslator()
  translator.speak('en', en)
  expect(translator.of('plan')('by')).toBe('by')
  expect(translator.of('plan')('by.agent')).toBe('by.agent')
  expect(translator.of('elsewhere')('add')).toBe('add')
})

test('another language is told to those who listen; what says is the same function until then', () => {
  const translator = createTranslator()
  translator.speak('en', en)
  const t = translator.of('plan')
  let told = 0
  const stop = translator.subscribe(() => (told += 1))
  translator.add('room', { share: 'Share' })
  expect([told, translator.of('plan') === t, translator.of('room')('share')]).toEqual([0, true, 'Share'])
  translator.speak('zh-CN', { plan: { add: '添加步骤' } })
  expect([told, translator.of('plan') === t, translator.has('room')]).toEqual([1, false, false])
  expect(translator.of('plan')('add')).toBe('添加步骤')
  stop()
  translator.speak('en', en)
  expect(told).toBe(1)
})
