import { expect, test, vi } from 'vitest'
import { createLinks } from './links.ts'

test('connections to a process that lives no more end, and no others', () => {
  const links = createLinks()
  const [one, other, ended] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()]
  links.add('http://a', one)
  links.add('http://b', other)
  links.add('http://a', ended)()
  links.keepOnly(['http://b', 'http://c'])
  links.keepOnly(['http://b'])
  expect([one, other, ended].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0])
  links.keepOnly([])
  expect(other).toHaveBeenCalledOnce()
})
