import { expect, test } from 'vitest'
import { writesTo } from './addressing.ts'

const fresh = { mayAsk: true, chosen: undefined, wroteLast: undefined, calls: false, insists: false }

test('the agent reads what is written, until this person chooses people', () => {
  expect(writesTo(fresh)).toBe('agent')
  expect(writesTo({ ...fresh, chosen: 'people' })).toBe('people')
})

test('on another device the choice is the one of the last message; a choice made here is stronger', () => {
  expect(writesTo({ ...fresh, wroteLast: 'people' })).toBe('people')
  expect(writesTo({ ...fresh, wroteLast: 'people', chosen: 'agent' })).toBe('agent')
})

test('mentioning the agent addresses it, unless people are chosen after that', () => {
  expect(writesTo({ ...fresh, chosen: 'people', calls: true })).toBe('agent')
  expect(writesTo({ ...fresh, chosen: 'people', calls: true, insists: true })).toBe('people')
})

test('whoever may write to people only writes to people, whatever they mention', () => {
  expect(writesTo({ ...fresh, mayAsk: false, chosen: 'agent', calls: true })).toBe('people')
})
