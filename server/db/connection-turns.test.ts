import { expect, test } from 'vitest'
import { createConnectionTurns } from './connection-turns.ts'

/** Something that goes on until it is told to end, and notes when it began. */
function work(began: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return {
    start: () => {
      began.push(name)
      return promise
    },
    end: () => resolve(name),
    fail: () => reject(new Error(name)),
  }
}

test('without a transaction nobody waits', () => {
  const began: string[] = []
  const turns = createConnectionTurns()
  for (const name of ['one', 'two']) void turns.inTurn(work(began, name).start)
  expect([began, turns.isTaken(), turns.waiting()]).toEqual([['one', 'two'], false, 0])
})

test('while a transaction is open everybody waits, and comes in order up to the next transaction', async () => {
  const began: string[] = []
  const turns = createConnectionTurns()
  const [first, read, second, late] = ['first', 'read', 'second', 'late'].map((name) => work(began, name))
  const firstEnded = turns.alone(first!.start)
  const readEnded = turns.inTurn(read!.start)
  const secondEnded = turns.alone(second!.start)
  const lateEnded = turns.inTurn(late!.start)
  expect([began, turns.isTaken(), turns.waiting()]).toEqual([['first'], true, 3])
  first!.end()
  expect(await firstEnded).toBe('first')
  expect([began, turns.isTaken(), turns.waiting()]).toEqual([['first', 'read', 'second'], true, 1])
  for (const one of [read, second, late]) one!.end()
  expect(await Promise.all([readEnded, secondEnded, lateEnded])).toEqual(['read', 'second', 'late'])
  expect([turns.isTaken(), turns.waiting()]).toEqual([false, 0])
})

test('a transaction that fails lets the others go on', async () => {
  const began: string[] = []
  const turns = createConnectionTurns()
  const [broken, next] = [work(began, 'broken'), work(began, 'next')]
  const ended = turns.alone(broken.start)
  const after = turns.inTurn(next.start)
  broken.fail()
  await expect(ended).rejects.toThrow('broken')
  next.end()
  expect(await after).toBe('next')
})
