import { act, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { addTodo, readTodos } from '#shared/board/doc.ts'
import type { TodoStatus } from '#shared/board/schema.ts'
import { builder } from '../testing.tsx'
import { Plan } from './plan.tsx'

let made = 0
const add = (doc: Y.Doc, text: string, status: TodoStatus = 'pending') => {
  made += 1
  const id = `tdo_0190a6e0-0000-7000-8000-${String(made).padStart(12, '0')}` as TodoId
  act(() => doc.transact(() => void addTodo(doc, { id, text, status, assignee: builder.id, createdAt: made })))
}
const show = (doc: Y.Doc, mayEdit = true) => render(<Plan doc={doc} ready mayEdit={mayEdit} people={[]} agents={[builder]} />)
const plan = () => screen.getByRole('list', { name: 'Plan' })
const steps = () =>
  within(plan())
    .queryAllByRole('listitem')
    .map((step) => step.textContent)

test('an empty plan says how it begins', () => {
  show(new Y.Doc())
  expect(screen.getByText('No plan yet. Add the first step, or let the agent suggest one.')).toBeDefined()
})

test('Ada adds a step and sees the agent’s beside it', async () => {
  const doc = new Y.Doc()
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Add a step' }))
  await userEvent.type(screen.getByRole('textbox', { name: 'New step' }), 'Read the export{Enter}')
  expect(readTodos(doc).map((todo) => todo.text)).toEqual(['Read the export'])
  add(doc, 'Chart it', 'in_progress')
  expect(steps()).toEqual(['Read the export', expect.stringContaining('Chart it')])
  expect(screen.getByText('0 of 2')).toBeDefined()
})

test('one press begins a step, the next finishes it', async () => {
  const doc = new Y.Doc()
  add(doc, 'Chart it')
  show(doc)
  await userEvent.click(screen.getByRole('button', { name: 'Open: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('in_progress')
  await userEvent.click(screen.getByRole('button', { name: 'In progress: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('completed')
  expect(screen.getByText('1 of 1')).toBeDefined()
})

test('many finished steps fold into one line', async () => {
  const doc = new Y.Doc()
  for (let i = 1; i <= 7; i += 1) add(doc, `Done ${i}`, 'completed')
  add(doc, 'Still to do')
  show(doc)
  expect(steps()).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: '7 done' }))
  expect(steps()).toHaveLength(8)
})

test('a viewer reads and changes nothing', async () => {
  const doc = new Y.Doc()
  add(doc, 'Chart it')
  show(doc, false)
  expect(screen.queryByRole('button', { name: 'Add a step' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Open: Chart it' }))
  expect(readTodos(doc)[0]?.status).toBe('pending')
})
