import { expect, test } from 'vitest'
import { bestFits, fit } from './fuzzy.ts'

const paths = ['src/regions.ts', 'src/region-picker.tsx', 'tests/test_regions.py', 'docs/readme.md', 'README.md', 'src/api/server-error.ts']
const first = (typed: string) => bestFits(paths, typed)[0]?.path

test('letters of the name count more than letters of the folders', () => {
  expect(first('regions')).toBe('src/regions.ts')
  expect(first('readme')).toBe('README.md')
  expect(first('tr')).toBe('tests/test_regions.py')
})

test('the first letters of words find a name', () => {
  expect(first('srp')).toBe('src/region-picker.tsx')
  expect(first('se ts')).toBe('src/api/server-error.ts')
})

test('what does not fit is left out, and nothing typed fits everything', () => {
  expect(bestFits(paths, 'xyz')).toEqual([])
  expect(bestFits(paths, '')).toHaveLength(paths.length)
  expect(bestFits(paths, '', 2)).toHaveLength(2)
})

test('the letters that fit are told, in order', () => {
  expect(fit('src/regions.ts', 'reg')?.at).toEqual([4, 5, 6])
  const at = fit('src/region-picker.tsx', 'srp')?.at ?? []
  expect(at.map((offset) => 'src/region-picker.tsx'[offset]).join('')).toBe('srp')
})
