import { describe, expect, test } from 'vitest'
import { createBudget, createTurns } from './budget.ts'

test('each has a budget of their own, and what is given back can be taken again', () => {
  const budget = createBudget(2)
  const first = budget.take('ada')
  expect(budget.take('ada')).toBeDefined()
  expect(budget.take('ada')).toBeUndefined()
  expect(budget.take('mei')).toBeDefined()
  first?.()
  first?.()
  expect(budget.has('ada')).toBe(1)
  expect(budget.take('ada')).toBeDefined()
  expect(budget.take('ada')).toBeUndefined()
})

describe('turns', () => {
  test('a person has so many going on at once, in order, and nobody waits for theirs', async () => {
    const inTurn = createTurns(2)
    const ends: (() => void)[] = []
    const begun: string[] = []
    const work = (name: string) => () => {
      begun.push(name)
      return new Promise<void>((resolve) => ends.push(resolve))
    }
    const all = ['a', 'b', 'c', 'd'].map((name) => inTurn('ada', work(name)))
    const other = inTurn('mei', work('m'))
    expect(begun).toEqual(['a', 'b', 'm'])
    ends[0]?.()
    await all[0]
    expect(begun).toEqual(['a', 'b', 'm', 'c'])
    for (const at of [1, 2, 3]) {
      ends[at]?.()
      await Promise.resolve()
    }
    await all[2]
    ends[4]?.()
    await Promise.all([...all, other])
    expect(begun).toEqual(['a', 'b', 'm', 'c', 'd'])
  })

  test('what fails makes place as well', async () => {
    const inTurn = createTurns(1)
    const failing = inTurn('ada', () => Promise.reject(new Error('no')))
    const next = inTurn('ada', async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBe('yes')
  })
})
