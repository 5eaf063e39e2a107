import { expect, test } from 'vitest'
import { demoModels } from './models.ts'

const brief = demoModels.find(({ id }) => id === 'atrium-demo-brief')

test.each([
  ['`notes.md` is written. It has three lines.', '`notes.md` is written.'],
  ['`ls -la` printed:\n\n```\ntotal 0\n```', '`ls -la` printed.'],
  ['Noted, Mei: “use blue instead”. The page is ready.', 'Noted, Mei: “use blue instead”.'],
  ['One line without an end', 'One line without an end'],
  ['Really?! Yes.', 'Really?!'],
  ['', ''],
])('of “%s” the brief model says “%s”', (text, said) => {
  expect(brief?.speaks({ text, reasoning: 'First I think.' })).toEqual({ text: said })
})

test('what it calls and how it fails are the same', () => {
  const calls = [{ name: 'list_files', args: {} }]
  const fail = { status: 500, type: 'server_error', code: null, message: 'no' }
  expect(brief?.speaks({ calls, fail, breaks: true })).toEqual({ calls, fail, breaks: true })
})
