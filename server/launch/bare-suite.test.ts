import { expect, test } from 'vitest'
import { compare, lineOf } from './bare-suite.ts'

test('a skip is listed by what it needs', () => {
  const reason = 'needs desktop: xterm is not installed: apt install xterm; needs figures: pandas is not installed: apt install python3-pandas'
  expect(lineOf({ test: 'a.test.ts › it draws', reason })).toBe('desktop, figures: a.test.ts › it draws')
  expect(lineOf({ test: 'a.test.ts › it sleeps', reason: 'no reason was given' })).toBe('no reason: a.test.ts › it sleeps')
})

test('what is skipped must be listed, and what is listed must be skipped', () => {
  expect(compare(['desktop: a', 'figures: b'], ['figures: b', 'desktop: a', ''])).toEqual([])
  expect(compare(['desktop: a', 'desktop: c'], ['figures: b', 'desktop: a'])).toEqual([
    'skipped, and not listed: desktop: c',
    'listed, and not skipped: figures: b',
  ])
})
