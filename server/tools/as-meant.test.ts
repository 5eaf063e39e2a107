import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseAsMeant } from './as-meant.ts'
import { parseToolCall } from './parse.ts'
import { builtInTools } from './registry.ts'

const schema = z.object({
  path: z.string().min(1),
  line: z.number().int().min(1).optional(),
  ratio: z.number().default(0.5),
  whole: z.boolean().optional(),
  kind: z.enum(['file', 'folder']).optional(),
  where: z.object({ x: z.number(), y: z.number().optional() }).optional(),
  items: z.array(z.object({ text: z.string(), at: z.number().optional() })).optional(),
  either: z.union([z.literal(''), z.number(), z.array(z.string())]).optional(),
})

test.each<[string, unknown, Record<string, unknown>]>([
  ['a number as text', { path: 'a', line: '42' }, { line: 42 }],
  ['with blanks around', { path: 'a', line: ' 7 ', ratio: '0.25' }, { line: 7, ratio: 0.25 }],
  ['a whole number with a point', { path: 'a', line: '3.0' }, { line: 3 }],
  ['null for what is left out', { path: 'a', line: null, whole: null, kind: null, where: null, items: null }, { path: 'a' }],
  ['null where there is a default', { path: 'a', ratio: null }, { ratio: 0.5 }],
  ['null deep inside', { path: 'a', where: { x: 1, y: null } }, { where: { x: 1 } }],
  ['truth as text', { path: 'a', whole: 'True' }, { whole: true }],
  ['a choice in capitals', { path: 'a', kind: 'Folder ' }, { kind: 'folder' }],
  ['a list as text, with numbers as text', { path: 'a', items: '[{"text":"b","at":"2"}]' }, { items: [{ text: 'b', at: 2 }] }],
  ['one thing for a list of one', { path: 'a', items: { text: 'b' } }, { items: [{ text: 'b' }] }],
  ['an object as text', { path: 'a', where: '{"x":"1"}' }, { where: { x: 1 } }],
  ['one of several kinds', { path: 'a', either: '12' }, { either: 12 }],
  ['all of it as text', '{"path":"a","line":"2"}', { path: 'a', line: 2 }],
])('%s is taken', (_, given, wanted) => {
  expect(parseAsMeant(schema, given)).toMatchObject({ success: true, data: wanted })
})

test.each<[string, unknown]>([
  ['a number for a text', { path: 42 }],
  ['null for what must be there', { path: null }],
  ['words for a number', { path: 'a', line: 'the second' }],
  ['hexadecimal', { path: 'a', line: '0x10' }],
  ['nothing for a number', { path: 'a', line: '' }],
  ['a number out of bounds', { path: 'a', line: '0' }],
  ['a number for truth', { path: 'a', whole: 1 }],
  ['an unknown choice', { path: 'a', kind: 'link' }],
  ['a list for an object', { path: 'a', where: '[1]' }],
  ['a list for everything', []],
  ['nothing', null],
])('%s is refused', (_, given) => {
  expect(parseAsMeant(schema, given).success).toBe(false)
})

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['run_command', { command: 'ls', cwd: null, timeoutMs: '5000' }, { command: 'ls', timeoutMs: 5000 }],
  ['list_files', { path: null }, {}],
  ['ask_people', { questions: '[{"text":"Blue?"}]' }, { questions: [{ text: 'Blue?' }] }],
  ['ask_people', { questions: { text: 'Blue?' } }, { questions: [{ text: 'Blue?' }] }],
  ['start_preview', { port: '8080' }, { port: 8080 }],
  ['computer', { action: 'Click', x: '10', y: '20' }, { actions: [{ action: 'click', x: 10, y: 20 }] }],
])('%s takes %j', (name, given, wanted) => {
  const tool = builtInTools.find((one) => one.name === name)
  expect(tool && parseToolCall(tool, JSON.stringify(given))).toMatchObject({ ok: true, args: wanted })
})
