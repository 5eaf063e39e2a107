import { expect, test } from 'vitest'
import { describeChange } from './diff.ts'
import { undoPatch } from './undo-patch.ts'

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('')
const before = lines('import pandas', '', 'def clean(df):', '    df = df.drop_duplicates()', '    return df', '', 'def load():', '    pass')
const after = before.replace('df = df.drop_duplicates()', 'df = df.sort_values("date")\n    df = df.drop_duplicates("order_id")')
const patch = (from: string, to: string) => describeChange('clean.py', from, to).diff ?? ''
const edit = patch(before, after)

test('what stands there as the agent wrote it becomes what it was', () => {
  expect(undoPatch(after, edit)).toEqual({ undone: before })
  expect(undoPatch(before, edit)).toEqual({ already: true })
})

test('what people wrote elsewhere stays, also right above, and moves nothing out of place', () => {
  const moved = `# Mei\n# was here\n${after.replace('pass', 'return 1')}`
  expect(undoPatch(moved, edit)).toEqual({ undone: `# Mei\n# was here\n${before.replace('pass', 'return 1')}` })
  const near = after.replace('import pandas', 'import pandas as pd')
  expect(undoPatch(near, edit)).toEqual({ undone: before.replace('import pandas', 'import pandas as pd') })
})

test('nothing is undone where people changed the place', () => {
  expect(undoPatch(after.replace('"order_id"', '"order_id", keep="last"'), edit)).toEqual({ changed: true })
  expect(undoPatch('', edit)).toEqual({ changed: true })
  expect(undoPatch(after, 'no patch')).toEqual({ changed: true })
})

test('the same lines elsewhere are left alone', () => {
  const pair = lines('a', '}', 'b', '}', 'c')
  const added = lines('a', '}', 'x', 'b', '}', 'c')
  const once = patch(pair, added)
  expect(undoPatch(added, once)).toEqual({ undone: pair })
  // Undone already, and another x stands where no a and b are around it.
  expect(undoPatch(`${pair}x\n`, once)).toEqual({ already: true })
  // Two of the same: the one at its place.
  const twice = added + added
  expect(undoPatch(twice, once)).toEqual({ undone: pair + added })
  expect(undoPatch(`y\n${twice}`, once)).toEqual({ changed: true })
})

test('several hunks go together or not at all', () => {
  const long = Array.from({ length: 40 }, (_, i) => `line ${i}`)
  const from = lines(...long)
  const to = from.replace('line 3\n', 'line three\n').replace('line 30\n', '')
  const both = patch(from, to)
  expect(both.match(/^@@/gm)).toHaveLength(2)
  expect(undoPatch(to, both)).toEqual({ undone: from })
  expect(undoPatch(to.replace('line three', 'line 3'), both)).toEqual({ changed: true })
  expect(undoPatch(to.replace('line three', 'line tres'), both)).toEqual({ changed: true })
})

test.each([
  ['a last line without an end', 'a\nb', 'a\nc'],
  ['an end that was added', 'a\nb', 'a\nb\n'],
  ['line ends of Windows', 'a\r\nb\r\nc\r\n', 'a\r\nB\r\nc\r\n'],
  ['a text that became empty', 'a\nb\n', ''],
  ['everything replaced', 'a\n', 'b\n'],
  ['a line before the first', 'a\nb\n', 'x\na\nb\n'],
])('%s', (_, from, to) => {
  expect(undoPatch(to, patch(from, to))).toEqual({ undone: from })
})
