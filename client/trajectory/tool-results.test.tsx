import { render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { TodoStatus } from '#shared/board/schema.ts'
import '../testing.tsx'
import { Todos } from './tool-results.tsx'

test('each status of a step has its word: one that is completed is not shown as open', () => {
  const todos = TodoStatus.options.map((status) => ({ text: `Step ${status}`, status }))
  render(<Todos todos={todos} />)
  const words = screen.getAllByRole('listitem').map((step) => within(step).getByRole('img').getAttribute('aria-label'))
  expect(words).toEqual(['To do', 'In progress', 'Done', 'Skipped'])
})
