import { expect, test } from 'vitest'
import { createOutputKeeper, shownOutput } from './output-keeper.ts'

function presentationOf(pieces: string[]) {
  const live: string[] = []
  const keeper = createOutputKeeper((text) => live.push(text))
  for (const piece of pieces) keeper.add(piece)
  keeper.end()
  return { live, shown: live.join(''), keeper }
}

test('short output is shown whole, as it comes', () => {
  const { live, keeper } = presentationOf(['one\n', '', 'two\n'])
  expect(live).toEqual(['one\n', 'two\n'])
  expect([keeper.omitted, keeper.whole().toString(), keeper.cut]).toEqual([0, 'one\ntwo\n', false])
})

test.each([0, 1, 2, 3])('of long output the beginning and the end are shown, in whole characters (%i before)', (shift) => {
  const text = 'x'.repeat(shift) + '🐈'.repeat(40_000)
  for (const size of [text.length, 1_000, 4_096]) {
    const pieces = text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? []
    const { live, shown, keeper } = presentationOf(pieces)
    expect(live.every((piece) => piece.isWellFormed())).toBe(true)
    expect(shown.startsWith(text.slice(0, shift + 16_000))).toBe(true)
    expect(shown.endsWith('🐈'.repeat(8_000))).toBe(true)
    expect(shown.length).toBeLessThan(shownOutput.head + shownOutput.tail + 60)
    const said = Number(/… (\d+) characters left out …/.exec(shown)?.[1])
    expect(said).toBe(keeper.omitted)
    expect(shown.replace(/\n….*…\n/, '').length + said).toBe(text.length)
    expect(keeper.whole().toString()).toBe(text)
  }
})
