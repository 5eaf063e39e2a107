import { expect, test } from 'vitest'
import { changeOf } from './text-change.ts'

test('a word that was taken out is shown as taken out', () => {
  expect(changeOf('rsync -a --delete dist/ host:/srv', 'rsync -a dist/ host:/srv')).toEqual([
    { kind: 'same', text: 'rsync -a ' },
    { kind: 'removed', text: '--delete ' },
    { kind: 'same', text: 'dist/ host:/srv' },
  ])
})

test('both texts can be read off any change', () => {
  const texts = ['', 'ls', 'ls -la  build', 'rm -r build && ls', 'a b c a b c', 'c b a\nc b a', '删除 所有 文件', 'ls -la build'.repeat(300)]
  for (const before of texts) {
    for (const after of texts) {
      const change = changeOf(before, after)
      const without = (kind: string) =>
        change
          .filter((one) => one.kind !== kind)
          .map(({ text }) => text)
          .join('')
      expect([without('added'), without('removed')]).toEqual([before, after])
    }
  }
})
