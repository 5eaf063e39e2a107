import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeAll, expect, test } from 'vitest'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { builder, ids, renderWithQueries } from '../testing.tsx'
import { RowView } from './row-view.tsx'
import { rowsOf } from './rows.ts'
import { rowContext } from './testing/row-context.ts'
import { ToolBody } from './tool-call-view.tsx'

beforeAll(async () => void (await ToolBody.load()))

const call: ToolCallItem = {
  id: ids.item(1),
  seq: 1,
  runId: ids.run,
  createdAt: 1000,
  finishedAt: 2000,
  type: 'tool_call',
  stepId: ids.step,
  author: builder,
  name: 'tide_table',
  title: 'Look up the tides of Brest',
  args: { harbour: 'Brest' },
  status: 'ok',
}

/** A call as its tool says that it is to be shown; opened. */
async function open(item: ToolCallItem) {
  const context = rowContext()
  renderWithQueries(
    <>
      {rowsOf([item], []).map((row) => (
        <RowView key={row.key} row={row} context={context} />
      ))}
    </>,
  )
  const head = screen.getByRole('button', { expanded: false })
  const said = head.textContent
  await userEvent.click(head)
  return said
}

test('a call that does nothing known is named by its title, and its table is one', async () => {
  const about = [{ text: 'Brest' }]
  const head = await open({ ...call, presentation: { kind: 'table', about, columns: ['Time', 'Metres'], rows: [['05:12', '6.1']] } })
  expect(head).toContain('Look up the tides of Brest')
  expect(screen.getAllByRole('columnheader').map((cell) => cell.textContent)).toEqual(['Time', 'Metres'])
  expect(screen.getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['05:12', '6.1'])
})

test('one that does something known has its word, and a link leads out of the room', async () => {
  const head = await open({ ...call, presentation: { kind: 'link', verb: 'fetch', url: 'https://tides.example/brest', label: 'Tides of Brest' } })
  expect(head).toMatch(/^Fetch/)
  expect(screen.getByRole('link', { name: 'Tides of Brest' }).getAttribute('href')).toBe('https://tides.example/brest')
})

test('what its tool names but did not give, and a call that says nothing of it, are arguments and result', async () => {
  await open({ ...call, presentation: { kind: 'text', content: { in: 'result', at: ['content'] } }, result: { tides: 2 } })
  expect(screen.getByRole('group', { name: 'Arguments' }).textContent).toContain('"Brest"')
  expect(screen.getByRole('group', { name: 'Result' }).textContent).toContain('"tides"')
})

test('a call from before, as a browser kept it, is named by its tool', async () => {
  const { title: _, ...kept } = call
  expect(await open({ ...kept, name: 'read_file' })).toContain('Read file')
})
