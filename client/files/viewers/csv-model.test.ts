import { expect, test } from 'vitest'
import { numberOf, numericColumns, sortedRows } from './csv-model.ts'

test('numbers are told from words, also with thousands and per cent', () => {
  expect(['12', '-3.5', '1,234.50', '12%', '.5', '1e3'].map(numberOf)).toEqual([12, -3.5, 1234.5, 12, 0.5, 1000])
  expect(['', 'n/a', '12 kg', '1,23', '-', '2025-01-02'].map(numberOf)).toEqual(Array(6).fill(undefined))
})

test('a column counts as numbers when every filled cell is one', () => {
  const rows = [
    ['North', '12', ''],
    ['South', '', ''],
    ['East', '1,000', ''],
  ]
  expect(numericColumns({ columns: ['region', 'units', 'note'], rows })).toEqual([false, true, false])
})

test('rows sort by value or by words, empty cells last in both directions, equals in their order', () => {
  const rows = [
    ['b', '10'],
    ['a', '9'],
    ['c', ''],
    ['A', '9'],
  ]
  expect(sortedRows(rows, { column: 1, descending: false }, 'en')).toEqual([1, 3, 0, 2])
  expect(sortedRows(rows, { column: 1, descending: true }, 'en')).toEqual([0, 1, 3, 2])
  expect(sortedRows(rows, { column: 0, descending: false }, 'en')).toEqual([1, 3, 0, 2])
  expect(sortedRows(rows, undefined, 'en')).toEqual([0, 1, 2, 3])
})
