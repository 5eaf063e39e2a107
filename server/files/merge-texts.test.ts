import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { generator } from '../testing/chance.ts'
import { editText } from './merge-into-document.ts'
import { mergeTexts } from '../base/merge-texts.ts'
import { applyEdits, diffText } from '../base/text-edits.ts'

function merged(base: string, mine: string, disk: string) {
  const { edits, overlaps } = mergeTexts(base, mine, disk)
  const text = applyEdits(mine, edits)
  return { text, edits, overlaps: overlaps.map(({ mine: m, disk: d }) => [text.slice(m.start, m.end), text.slice(d.start, d.end)]) }
}

describe('two sides of one text', () => {
  test.each([
    ['changes of one line at different words', 'a b c\n', 'a X b c\n', 'a b c Y\n', 'a X b c Y\n'],
    ['insertions at one place, mine first', 'a\nb\n', 'a\nM\nb\n', 'a\nD\nb\n', 'a\nM\nD\nb\n'],
    ['the same change, once', 'a\nb\n', 'a\nM\nb\n', 'a\nM\nb\n', 'a\nM\nb\n'],
    ['a removal beside an insertion', 'one\ntwo\nthree\n', 'one\nthree\n', 'one\ntwo\nthree\nfour\n', 'one\nthree\nfour\n'],
    ['removals that overlap', 'a b c d e', 'a e', 'a b', 'a '],
    ['an empty beginning', '', 'mine', 'disk', 'mine disk'],
    ['words between the same blanks', 'a   b\nc\n', 'a X   b\nc!\n', 'a Y   b\n c\n', 'a X Y   b\n c!\n'],
    ['a word before a blank that goes', 'x  old\ny\n', 'x new\nz\n', 'x D  old\ny\n', 'x D new\nz\n'],
  ])('%s', (_, base, mine, disk, wanted) => {
    expect(merged(base, mine, disk)).toMatchObject({ text: wanted, overlaps: [] })
  })

  test('changes of the same word stand twice, in whole lines, and are told', () => {
    expect(merged('let x = 1\nfoo\n', 'let x = 2\nfoo\n', 'let x = 3\nfoo\n')).toMatchObject({
      text: 'let x = 2\nlet x = 3\nfoo\n',
      overlaps: [['let x = 2\n', 'let x = 3\n']],
    })
    expect(merged('x\ny\nz', 'x\nQ', 'x\ny2\nz')).toMatchObject({ text: 'x\nQ\ny2\nz', overlaps: [['Q', 'y2\nz']] })
  })

  test('what somebody typed where the other side removed stays', () => {
    const { text, overlaps } = merged('keep\nfunction old() {}\nend\n', 'keep\nfunction veryOld() {}\nend\n', 'keep\nend\n')
    expect(text).toBe('keep\nfunction veryOld() {}\nend\n')
    expect(overlaps).toEqual([['function veryOld() {}\n', '']])
  })

  test('an edit is as small as it can be, and never cuts a sign in two', () => {
    const lines = Array.from({ length: 2_000 }, (_, at) => `line ${at}\n`)
    const before = lines.join('')
    const after = before.replace('line 700\n', 'line 700 changed\n').replace('line 1500\n', '')
    const { edits } = merged(before, before, after)
    expect(edits.map(({ remove, insert }) => [remove, insert])).toEqual([
      [0, ' changed'],
      [10, ''],
    ])
    expect(merged('😀', '😀', '😁').edits).toEqual([{ at: 0, remove: 2, insert: '😁' }])
  })

  test('what one side alone changed is as it has it, whatever the characters', () => {
    const signs = [
      '🐈',
      '😎',
      '👩‍👩‍👧',
      '🇩🇪',
      '🇨🇳',
      '👍🏽',
      '\u{20BB7}',
      '\u{2A6D6}',
      '潮',
      'か',
      'ข',
      '𝐀',
      '𝒷',
      '𐍈',
      '𞤀',
      'é',
      'ß',
      'x',
      '7',
      '_',
      ' ',
      '\t',
      '\n',
      '\u00A0',
      '\u200D',
      '\uFE0F',
      '"',
      '}',
    ]
    const random = generator(20_261_130)
    const pick = (below: number) => Math.floor(random() * below)
    const text = (most: number) => Array.from({ length: pick(most) }, () => signs[pick(signs.length)]).join('')
    for (let round = 0; round < 20_000; round++) {
      const base = text(12)
      const points = Array.from(base)
      points.splice(pick(points.length + 1), pick(4), ...Array.from(text(5)))
      if (pick(3) === 0) points.splice(pick(points.length + 1), pick(3), ...Array.from(text(4)))
      const disk = points.join('')
      expect(merged(base, base, disk)).toMatchObject({ text: disk, overlaps: [] })
      expect(merged(base, disk, base)).toMatchObject({ text: disk, overlaps: [] })
      for (const { at, remove } of diffText(base, disk))
        for (const place of [at, at + remove]) expect(base.slice(0, place).isWellFormed(), JSON.stringify([base, disk])).toBe(true)
    }
  })

  test('whatever two people do to a text, no word of either is lost', () => {
    let state = 11
    const random = (below: number) => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) % below
    }
    let overlapping = 0
    for (let round = 0; round < 5_000; round++) {
      const base = Array.from({ length: random(14) }, () => ['a', 'b', '\n', 'cc', ' ', 'd\n'][random(6)]).join('')
      const edit = (who: string) => {
        let text = base
        const words: string[] = []
        for (let left = random(4); left > 0; left--) {
          const at = random(text.length + 1)
          const word = `<${who}${left}>`
          text = random(3) > 0 ? text.slice(0, at) + word + text.slice(at) : text.slice(0, at) + text.slice(at + random(4))
          words.push(word)
        }
        return { text, words: words.filter((word) => text.includes(word)) }
      }
      const [mine, disk] = [edit('M'), edit('D')]
      expect(applyEdits(base, diffText(base, disk.text))).toBe(disk.text)
      const { text, overlaps } = merged(base, mine.text, disk.text)
      overlapping += overlaps.length
      for (const word of [...mine.words, ...disk.words]) expect(text.split(word), JSON.stringify({ base, mine, disk })).toHaveLength(2)
    }
    expect(overlapping).toBeGreaterThan(50)
  })

  test.each([
    ['a word that is like the removed one', 'end\nd216 d214 ', 'end\nd221 d216  ', ['d216'], [], /^end\nd221 +$/],
    ['a word that goes on from the removed one', 'x d22 y\n', 'x d221 y\n', ['d22'], [], /^x d221 y\n$/],
    ['a word at the place of another', 'm \nrest d9\n', 'm d1\n\nrest\n', [], [['m ', 'a1 ']], /^m (d1\na1 |a1 d1\n)\nrest/],
    ['a line among empty ones', 'z m \n\n\nrest\n', 'z m d1\n\n\n\nREST\n', [], [['m ', 'a1 ']], /^z m (d1\na1 |a1 d1\n)\n\n\nREST/],
    ['a word between blanks', 'b7  b9 \nz y\n', 'b7 d3\n d1 d2 b9 \nz\n', [], [['b7 ', 'a1 ']], /^b7 (a1 d3\n|d3\na1 ) d1 d2 b9/],
    ['a word among signs without blanks', '请先检查销售数据', '请先核对销售数据', ['销售'], [], /^请先核对数据$/],
  ] as const)('what somebody else does at the same time, known only later: %s', (_, base, disk, removed, typed, wanted) => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const [server, elsewhere] = [new Y.Doc(), new Y.Doc()]
      server.getText().insert(0, base)
      Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(server))
      server.clientID = first
      elsewhere.clientID = second
      const text = elsewhere.getText()
      for (const word of removed) text.delete(text.toString().indexOf(word), word.length)
      for (const [after, word] of typed) text.insert(text.toString().indexOf(after) + after.length, word)
      editText(server.getText(), mergeTexts(base, base, disk).edits)
      Y.applyUpdate(server, Y.encodeStateAsUpdate(elsewhere))
      expect(server.getText().toString()).toMatch(wanted)
    }
  })

  test('words that stood by themselves on their side do so in what becomes of both', () => {
    let state = 5
    const random = (below: number) => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) % below
    }
    for (let round = 0; round < 2_000; round++) {
      const base = Array.from({ length: random(10) }, (_, at) => `${random(2) === 0 ? '' : `b${at}`}${random(3) === 0 ? '\n' : ' '}`).join('')
      const gone = new Set<string>()
      const edit = (who: string) => {
        let text = base
        const words: string[] = []
        for (let left = 1 + random(3); left > 0; left--) {
          const all = text.match(/\w+/g) ?? []
          const old = random(4) === 0 ? all[random(all.length || 1)] : undefined
          if (old !== undefined) {
            text = text.replace(new RegExp(String.raw`\b${old}\b`), '')
            gone.add(old)
            continue
          }
          const places = [0, ...[...text.matchAll(/\s/g)].map(({ index }) => index + 1)]
          const at = places[random(places.length)] ?? 0
          words.push(`${who}${left}`)
          text = `${text.slice(0, at)}${who}${left}${random(3) > 0 ? ' ' : '\n'}${text.slice(at)}`
        }
        return { text, words }
      }
      const [mine, disk] = [edit('M'), edit('D')]
      const { text, overlaps } = merged(base, mine.text, disk.text)
      const wanted = [...mine.words, ...disk.words, ...(base.match(/\w+/g) ?? [])].filter((word) => !gone.has(word))
      const found = text.match(/\w+/g) ?? []
      for (const word of overlaps.length > 0 ? [] : wanted)
        expect(
          found.filter((one) => one === word),
          JSON.stringify({ base, mine, disk, text }),
        ).toHaveLength(1)
    }
  })
})
