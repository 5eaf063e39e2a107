import { fireEvent, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeAll, expect, test } from 'vitest'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { builder, ids, renderWithQueries } from '../testing.tsx'
import { RowView } from './row-view.tsx'
import { rowsOf, type Row } from './rows.ts'
import { ToolBody } from './tool-call-view.tsx'
import { rowContext } from './testing/row-context.ts'

beforeAll(async () => void (await ToolBody.load()))

const call = (seq: number, extra: Partial<ToolCallItem>) =>
  presented<ToolCallItem>({
    id: ids.item(seq),
    seq,
    runId: ids.run,
    createdAt: 1000 * seq,
    startedAt: 1000 * seq,
    finishedAt: 1000 * seq + 800,
    type: 'tool_call',
    stepId: ids.step,
    author: builder,
    name: 'read_file',
    args: {},
    status: 'ok',
    ...extra,
  })

const show = (items: ToolCallItem[], within = rowContext()) => {
  const rows = rowsOf(items, []).filter((row) => row.kind !== 'day')
  const draw = (shown: Row[]) => shown.map((row) => <RowView key={row.key} row={row} context={within} />)
  return { ...renderWithQueries(<>{draw(rows)}</>), within }
}

const reads = [
  call(1, { args: { path: 'data/orders_2025.csv' }, result: { content: 'a,b', lines: 1 } }),
  call(2, { name: 'run_python', args: { code: '# Profile its columns\nprint(1)' }, output: '1' }),
]

test('steps that went well fold into what they did, and how long it took', () => {
  show(reads)
  const row = screen.getByRole('button', { expanded: false })
  expect(row.textContent).toContain('2 steps')
  expect(row.textContent).toContain('Read orders_2025.csv, ran Python')
  expect(row.textContent).toContain('1.6 s')
  expect(screen.getByRole('img', { name: 'Done' })).toBeDefined()
})

test('a group opens by click and by Enter, and stays open when it is drawn anew', async () => {
  const { within, unmount } = show(reads)
  const head = screen.getByRole('button', { expanded: false })
  head.focus()
  await userEvent.keyboard('{Enter}')
  expect(screen.getByText('Profile its columns')).toBeDefined()
  unmount()
  show(reads, within)
  expect(screen.getByText('Profile its columns')).toBeDefined()
  fireEvent.click(screen.getByRole('button', { name: /2 steps/ }))
  expect(screen.queryByText('Profile its columns')).toBeNull()
})

test('a step that failed stays outside and open, and says why', () => {
  show([...reads, call(3, { name: 'run_command', args: { command: 'pytest -q' }, output: '\u001B[31m1 failed\u001B[0m', result: { exitCode: 1 } })])
  expect(screen.getByRole('button', { name: /2 steps/ }).getAttribute('aria-expanded')).toBe('false')
  const failed = screen.getByRole('button', { name: /pytest/ })
  expect(failed.getAttribute('aria-expanded')).toBe('true')
  expect(failed.textContent).toContain('exit 1, 0.8 s')
  expect(screen.getByText('1 failed').className).toBe('ansi-red')
})

test('long output shows its end until all of it is asked for, and is plain text to whoever selects it', async () => {
  const output = Array.from({ length: 60 }, (_, at) => `\u001B[32mline ${at + 1}\u001B[0m`).join('\n')
  show([call(1, { name: 'run_command', args: { command: 'make' }, output, result: { exitCode: 0 } })])
  await userEvent.click(screen.getByRole('button', { name: /make/ }))
  const shown = screen.getByRole('group', { name: 'Output' })
  expect(shown.textContent?.split('\n').at(-1)).toBe('line 60')
  expect(shown.textContent).not.toContain('line 12\n')
  await userEvent.click(screen.getByRole('button', { name: 'Show all 60 lines' }))
  expect(screen.getByRole('group', { name: 'Output' }).textContent).toBe(Array.from({ length: 60 }, (_, at) => `line ${at + 1}`).join('\n'))
})

test('an edit shows the change that the tool measured, with its counts', () => {
  const diff = '--- a\n+++ b\n@@ -1,3 +1,5 @@\n df = 1\n-old\n+new\n+more\n@@ -9,1 +11,1 @@\n-x\n+y\n'
  show([call(1, { name: 'edit_file', args: { path: 'clean.py', old: 'old', new: 'new' }, result: { path: 'clean.py', added: 3, removed: 2, diff } })])
  expect(screen.getByText('3 lines added, 2 removed')).toBeDefined()
  expect(screen.getByRole('group', { name: 'Change' }).textContent).toBe(' df = 1−old+new+more… −x+y')
})

test('pictures that a step kept show small and open large', async () => {
  const picture = 'art_0190a6e0-0000-7000-8000-000000000001'
  show([call(1, { name: 'computer', args: { action: 'click', x: 598, y: 258 }, result: { artifactId: picture, mime: 'image/png' } })])
  await userEvent.click(screen.getByRole('button', { name: /Click at 598, 258/ }))
  await userEvent.click(screen.getByRole('button', { name: 'Enlarge Picture 1' }))
  expect((await screen.findByRole('img', { name: 'Picture 1' })).getAttribute('src')).toContain(picture)
})

test('a step at the desktop says what is done there', () => {
  const steps = [
    { action: 'open', target: 'terminal' },
    {
      actions: [
        { action: 'type', text: 'ls' },
        { action: 'key', key: 'Return' },
      ],
    },
    { action: 'open', target: 'https://example.com' },
  ]
  for (const [at, args] of steps.entries()) show([call(at + 1, { name: 'computer', args })])
  for (const said of ['Open a terminal', 'Type “ls”, then Press Return', 'Open https://example.com']) expect(screen.getByText(said)).toBeDefined()
})
