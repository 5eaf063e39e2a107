import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { RunStatus, finalRunStatuses } from '#shared/runs/schema.ts'
import { isFree } from './lease.ts'
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

test('a lease binds until it expires or its process is dead', () => {
  const here = { me: `${hostname()}:${process.pid}:b`, now: 1000, embedded: false, alive: (pid: number) => pid === 4242 }
  const held = (leaseOwner: string | null, leaseExpiresAt: number | null = 2000) => isFree({ leaseOwner, leaseExpiresAt }, here)
  expect(held(null, null)).toBe(true)
  expect(held(here.me)).toBe(false)
  expect(held(`${hostname()}:4242:a`)).toBe(false)
  expect(held(`${hostname()}:4242:a`, 1000)).toBe(true)
  expect(held(`${hostname()}:4243:a`)).toBe(true)
  // A restarted container has the same pid again.
  expect(held(`${hostname()}:${process.pid}:a`)).toBe(true)
  expect(held('elsewhere:1:a')).toBe(false)
  // The embedded database is this process's alone.
  expect(isFree({ leaseOwner: 'elsewhere:1:a', leaseExpiresAt: 2000 }, { ...here, embedded: true })).toBe(true)
})
