import { expect, test } from 'vitest'
import { createBatch, mergeType } from './watch-batch.ts'
import type { EventType } from './watch-kinds.ts'

type Short = 'CREATE' | 'WRITE' | 'REMOVE' | 'CHMOD'
const typeOf = (short: Short) => `EVENT_TYPE_${short}` as EventType

test.each<{ waiting: Short[] | undefined; next: Short; told: Short[] }>([
  { waiting: undefined, next: 'WRITE', told: ['WRITE'] },
  { waiting: ['CREATE'], next: 'WRITE', told: ['CREATE'] },
  { waiting: ['CREATE'], next: 'CHMOD', told: ['CREATE'] },
  { waiting: ['WRITE'], next: 'CHMOD', told: ['WRITE', 'CHMOD'] },
  { waiting: ['WRITE'], next: 'WRITE', told: ['WRITE'] },
  { waiting: ['WRITE', 'CHMOD'], next: 'REMOVE', told: ['REMOVE'] },
  { waiting: ['CREATE'], next: 'REMOVE', told: ['REMOVE'] },
  { waiting: ['REMOVE'], next: 'CREATE', told: ['CREATE'] },
  { waiting: ['REMOVE'], next: 'WRITE', told: ['WRITE'] },
])('$waiting, then $next: $told', ({ waiting, next, told }) => {
  expect([...mergeType(waiting && new Set(waiting.map(typeOf)), typeOf(next))]).toEqual(told.map(typeOf))
})

test('what went and came is a renaming; what only went is gone; all is told once', () => {
  const batch = createBatch()
  batch.remove('/old', 'inode 1')
  batch.remove('/lost', 'inode 2')
  batch.remove('/unknown', undefined)
  batch.add({ path: '/new', type: 'EVENT_TYPE_CREATE' })
  expect(batch.take((path) => (path === '/new' ? 'inode 1' : undefined))).toEqual([
    { path: '/old', type: 'EVENT_TYPE_RENAME' },
    { path: '/lost', type: 'EVENT_TYPE_REMOVE' },
    { path: '/unknown', type: 'EVENT_TYPE_REMOVE' },
    { path: '/new', type: 'EVENT_TYPE_CREATE' },
  ])
  expect(batch.take(() => undefined)).toEqual([])
})
