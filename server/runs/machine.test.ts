import { expect, test } from 'vitest'
import { RunStatus, finalRunStatuses } from '#shared/runs/schema.ts'
import { canMove, isFinal } from './transitions.ts'

test('what has ended stays ended, and only what runs can complete', () => {
  for (const from of RunStatus.options) {
    expect(isFinal(from)).toBe(finalRunStatuses.includes(from))
    expect(RunStatus.options.some((to) => canMove(from, to))).toBe(!isFinal(from))
    expect(canMove(from, 'cancelled')).toBe(!isFinal(from))
    expect(canMove(from, 'completed')).toBe(from === 'running')
    expect(canMove(from, 'waiting')).toBe(from === 'running')
  }
})
