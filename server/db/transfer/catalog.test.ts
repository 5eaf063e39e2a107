import { expect, test } from 'vitest'
import { inOrder } from './catalog.ts'

test('a table comes after all that it refers to, and else by its place in the list', () => {
  const references = [
    { from: 'approvals', to: 'sessions' },
    { from: 'sessions', to: 'users' },
    { from: 'approvals', to: 'users' },
  ]
  expect(inOrder(['approvals', 'items', 'sessions', 'users'], references)).toEqual(['items', 'users', 'sessions', 'approvals'])
})

test('tables in a circle are named instead of being taken in an order that cannot be loaded', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]
  expect(() => inOrder(['a', 'b', 'c'], circle)).toThrow('The tables a, b refer to each other')
  expect(() => inOrder(['a'], [{ from: 'a', to: 'a' }])).toThrow('refer to each other')
})
