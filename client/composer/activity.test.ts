import { expect, test } from 'vitest'
import en from '../i18n/en/composer.json' with { type: 'json' }
import zh from '../i18n/zh-CN/composer.json' with { type: 'json' }
import { activityText } from './activity.ts'

type Doing = keyof typeof en.doing
const say =
  (words: Record<Doing, string>): Parameters<typeof activityText>[1] =>
  (key, values) =>
    words[String(key).slice('doing.'.length) as Doing].replace('{{what}}', String((values as { what?: string } | undefined)?.what ?? ''))

test('in English it stays as the server wrote it', () => {
  for (const text of ['Thinking', 'Run ls -la', 'Read notes.md', 'Run Python: 1 + 1', 'Retrying in 4 s', 'Click, then Type “x”'])
    expect(activityText(text, say(en.doing))).toBe(text)
})

test('in Chinese it is told in Chinese, with what it is about', () => {
  expect(activityText('Writing', say(zh.doing))).toBe('正在书写')
  expect(activityText('Run ls -la', say(zh.doing))).toBe('运行 ls -la')
  expect(activityText('Search the workspace for tides', say(zh.doing))).toContain('tides')
  expect(activityText('Update the plan (3 todos)', say(zh.doing))).toBe('更新计划')
})
