import { expect, test } from 'vitest'
import { z } from 'zod'
import type { ArtifactId, ItemId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { ToolCallItem as Item } from '#shared/sessions/items.ts'
import { presentationLimits, readPart } from '#shared/sessions/presentation.ts'
import { generator, pick } from '../testing/chance.ts'
import { defineTool } from './define.ts'
import { presentCall, presentItem } from './present.ts'
import { builtInTools } from './registry.ts'
import type { CallPresentation } from './presentation-parts.ts'

const picture = newId<ArtifactId>('art')

type Call = Partial<Pick<ToolCallItem, 'status' | 'result' | 'output' | 'artifactId'>>
const shown = (name: string, args: unknown, call: Call = {}) => presentCall({ name, args, status: 'ok', ...call })
const tool = (face: Partial<Parameters<typeof defineTool>[0]>) =>
  defineTool({
    name: 'tide_table',
    description: 'Tells the tides',
    input: z.object({ harbour: z.string() }),
    risk: 'low',
    idempotent: true,
    title: () => 'Look up the tides',
    execute: async () => ({ status: 'ok', value: null }),
    ...face,
  })

test.each<[string, unknown, Call, unknown]>([
  [
    'list_files',
    {},
    { result: { path: '', entries: [{ name: 'a', type: 'file' }], omitted: 3 } },
    {
      kind: 'entries',
      verb: 'list',
      about: [{ text: '/', isCode: true }],
      short: '/',
      entries: { in: 'result', at: ['entries'] },
      omitted: 3,
      outcome: { say: 'entries', with: { count: 4 } },
    },
  ],
  [
    'read_file',
    { path: './src/app.ts' },
    { result: { content: 'x', lines: 1 } },
    {
      kind: 'text',
      verb: 'read',
      about: [{ text: './src/app.ts', isCode: true }],
      short: 'app.ts',
      path: './src/app.ts',
      place: { tab: 'files', file: 'src/app.ts' },
      content: { in: 'result', at: ['content'] },
      outcome: { say: 'lines', with: { count: 1 } },
    },
  ],
  [
    'edit_file',
    { path: 'a.ts', old: 'x', new: 'y' },
    { result: { path: 'a.ts', added: 1, removed: 2, diff: '@@' } },
    {
      kind: 'diff',
      before: { in: 'args', at: ['old'] },
      after: { in: 'args', at: ['new'] },
      patch: { in: 'result', at: ['diff'] },
      added: 1,
      removed: 2,
      canUndo: true,
      opens: true,
      made: { files: [{ path: 'a.ts', added: 1, removed: 2 }] },
    },
  ],
  [
    'write_file',
    { path: 'i.html', content: '<title>High\n tides</title>' },
    { result: { path: 'i.html', added: 1, removed: 0 } },
    { kind: 'diff', after: { in: 'args', at: ['content'] }, made: { files: [{ path: 'i.html', added: 1, removed: 0, title: 'High tides' }] } },
  ],
  [
    'search_files',
    { pattern: 't(i|y)de', path: 'src' },
    { result: { matches: [{}, {}] } },
    {
      kind: 'matches',
      about: [{ say: 'searchIn', with: { pattern: 't(i|y)de', path: 'src' }, isCode: true }],
      pattern: 't(i|y)de',
      outcome: { say: 'matches', with: { count: 2 } },
    },
  ],
  [
    'run_command',
    { command: 'npm test\nls', cwd: 'app' },
    { output: 'Tests 6 passed (6)', result: { exitCode: 0, files: ['a.png', '../no'] } },
    {
      kind: 'command',
      language: 'shell',
      about: [{ text: 'npm test', isCode: true }],
      folder: 'app',
      outcome: { text: '6 passed' },
      made: { files: [{ path: 'a.png' }] },
    },
  ],
  [
    'run_python',
    { code: '# Draw the tides\nplot()' },
    { result: { figures: [{ id: picture, mime: 'image/png', name: 'figure.png' }] }, artifactId: picture },
    {
      kind: 'command',
      language: 'python',
      about: [{ text: 'Draw the tides' }],
      pictures: [{ id: picture, name: 'figure.png' }],
      stays: 'all',
      place: { tab: 'python' },
      made: { files: [], figures: 1 },
    },
  ],
  ['open_terminal', { command: 'npm run dev' }, {}, { kind: 'json', verb: 'terminal', place: { tab: 'terminal' }, opens: true }],
  ['read_terminal', {}, {}, { kind: 'json', verb: 'readTerminal', place: { tab: 'terminal' } }],
  [
    'start_preview',
    { port: 5173 },
    { result: { port: 5173 } },
    { kind: 'json', verb: 'preview', about: [{ text: '5173' }], place: { tab: 'preview', port: 5173 }, made: { files: [], app: { port: 5173 } } },
  ],
  [
    'computer',
    {
      actions: [
        { action: 'click', x: 5, y: 8 },
        { action: 'type', text: 'tides' },
        { action: 'open', target: 'terminal' },
      ],
    },
    { artifactId: picture, result: { steps: [{ screenshot: picture }] } },
    {
      kind: 'image',
      about: [{ say: 'desktop.clickAt', with: { at: '5, 8' } }, { say: 'desktop.type', with: { text: 'tides' } }, { say: 'desktop.openTerminal' }],
      pictures: [{ id: picture, name: '' }],
      stays: 'last',
    },
  ],
  [
    'update_todos',
    { todos: [{ text: 'a' }, { text: 'b' }] },
    {},
    { kind: 'todos', about: [{ say: 'steps', with: { count: 2 } }], todos: { in: 'args', at: ['todos'] } },
  ],
  ['ask_people', { questions: [{ text: 'Blue?' }] }, {}, { kind: 'json', verb: 'ask', about: [{ text: 'Blue?' }], asksPeople: true }],
  ['ui_open_tab', { tab: 'desktop' }, {}, { kind: 'suggestion', tab: 'desktop', place: { tab: 'desktop' } }],
  ['ui_notify', { level: 'error', message: 'The disk is full.' }, {}, { kind: 'notice', level: 'error', message: 'The disk is full.' }],
])('%s says how its calls are shown', (name, args, call, wanted) => {
  const { presentation, title } = shown(name, args, call)
  expect(presentation).toMatchObject(wanted as object)
  expect(title.length).toBeGreaterThan(3)
})

test('a call that is still being written says which of its arguments tell what it is about', () => {
  expect(shown('run_command', null, { status: 'queued' })).toMatchObject({
    title: 'Run command',
    presentation: { kind: 'command', saidBy: { args: ['command'], isCode: true } },
  })
  expect(shown('run_command', { command: 'ls' }, { status: 'queued' }).presentation).not.toHaveProperty('saidBy')
})

test('a figure of Python is a picture of its call; what else it kept is not', () => {
  const figures = [
    { id: picture, mime: 'image/png', name: 'output-1.png' },
    { id: newId('art'), mime: 'text/html', name: 'table' },
    { id: 'none', mime: 'image/png' },
  ]
  const { presentation } = shown('run_python', { code: 'plot()' }, { result: { figures } })
  expect(presentation).toMatchObject({ pictures: [{ id: picture, name: 'output-1.png' }], made: { figures: 3 } })
})

test('what a call has not done is not said of it', () => {
  for (const status of ['queued', 'running', 'failed', 'denied'] as const) {
    const { presentation } = shown('write_file', { path: 'a.ts', content: 'x' }, { status })
    expect(presentation).toMatchObject({ kind: 'diff', canUndo: false, opens: false })
    expect(presentation).not.toHaveProperty('made')
    expect(shown('start_preview', { port: 1 }, { status }).presentation).toEqual({ kind: 'json', verb: 'preview', about: [{ text: '1' }] })
  }
})

test('a call of a tool that nobody knows is its arguments and result, about the first of them', () => {
  expect(shown('fetch_tides', { harbour: 'Brest', days: 3 })).toEqual({
    title: 'Fetch tides',
    presentation: { kind: 'json', about: [{ text: 'Brest', isCode: true }] },
  })
})

test('a tool that fails at it, says nonsense, or too much is shown as one that says nothing', () => {
  const call = { name: 'tide_table', args: { harbour: 'Brest' }, status: 'ok' } as const
  const plain = { kind: 'json', verb: 'read', about: [{ text: 'Brest', isCode: true }] }
  const rows = Array.from({ length: presentationLimits.rows }, () => Array.from({ length: 8 }, () => 'x'.repeat(presentationLimits.cell)))
  for (const present of [
    () => {
      throw new Error('no table today')
    },
    () => ({ kind: 'map' }) as never,
    (): CallPresentation => ({ kind: 'link', url: 'javascript:alert(1)' }),
    (): CallPresentation => ({ kind: 'table', columns: ['High'], rows }),
  ])
    expect(presentCall(call, [tool({ verb: 'read', present })])).toEqual({ title: 'Look up the tides', presentation: plain })
})

test('an item from before is completed where it is read, and one that says how it is shown stays as it is', () => {
  const base = { type: 'tool_call', id: newId<ItemId>('itm'), seq: 1, stepId: newId<StepId>('stp'), createdAt: 1, finishedAt: 2 } as const
  const old = {
    ...base,
    author: { kind: 'agent', id: 'builder', name: 'Builder' },
    name: 'read_file',
    args: { path: 'a.ts' },
    status: 'ok',
  } as ToolCallItem
  const read = presentItem(old)
  expect(read).toMatchObject({ title: 'Read a.ts', presentation: { kind: 'text', verb: 'read', place: { file: 'a.ts' } } })
  expect(presentItem(read)).toBe(read)
  expect(Item.parse(read)).toEqual(read)
})

test('whatever a model writes and a tool gives, a call can be shown, and costs little', () => {
  const random = generator(7)
  const texts = [
    'src/app.ts',
    '',
    '  \n',
    '../up',
    'nul \0 here',
    'half \ud83d',
    'x'.repeat(5_000),
    `${'a/'.repeat(600)}b`,
    'click',
    picture,
    'image/png',
  ]
  const value = (depth: number): unknown => {
    const kind = random()
    if (depth > 3 || kind < 0.4) return pick(texts, random)
    if (kind < 0.5) return random() * 1e6 - 5e5
    if (kind < 0.6) return null
    if (kind < 0.75) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1))
    const fields = [
      'path',
      'content',
      'entries',
      'matches',
      'files',
      'figures',
      'todos',
      'added',
      'diff',
      'port',
      'tab',
      'id',
      'mime',
      'action',
      'actions',
    ]
    return Object.fromEntries(fields.filter(() => random() < 0.4).map((field) => [field, value(depth + 1)]))
  }
  for (let at = 0; at < 2_000; at++) {
    const name = builtInTools[at % builtInTools.length]?.name ?? ''
    const call = { name, args: value(0), result: value(0), status: random() < 0.5 ? ('ok' as const) : ('failed' as const) }
    const { title, presentation } = presentCall(call)
    expect(title.length).toBeLessThanOrEqual(500)
    expect(JSON.stringify(presentation).length).toBeLessThanOrEqual(presentationLimits.whole)
  }
})

test('a part is found where it stands, and nothing is where it does not', () => {
  const call = { args: { old: 'a' }, result: { content: [{ text: 'high' }] } }
  expect(readPart(call, { in: 'args', at: ['old'] })).toBe('a')
  expect(readPart(call, { in: 'result', at: ['content', '0', 'text'] })).toBe('high')
  expect(readPart(call, { in: 'result', at: [] })).toBe(call.result)
  expect(readPart(call, { text: 'itself' })).toBe('itself')
  for (const at of [['none'], ['constructor'], ['content', '1', 'text'], ['content', 'length', 'x']])
    expect(readPart(call, { in: 'result', at })).toBeUndefined()
})
