import { expect, test } from 'vitest'
import { pageOf } from './control-answers.ts'
import { ListQuery } from './options.ts'
import type { SandboxRecord } from './store.ts'

const record = (id: string, startedAt: number, more: Partial<SandboxRecord> = {}) =>
  ({ id, startedAt, template: 'base', metadata: {}, ...more }) as SandboxRecord

const records = [
  record('first', 1000, { metadata: { project: 'tides & moon' } }),
  record('second', 2000, { template: 'desktop' }),
  record('third', 3000, { metadata: { project: 'harbour' } }),
]
const stateOf = (id: string) => (id === 'second' ? 'paused' : 'running')

test.each<{ query: Record<string, string>; ids: string[]; next?: number }>([
  { query: {}, ids: ['third', 'second', 'first'] },
  { query: { order: 'asc' }, ids: ['first', 'second', 'third'] },
  { query: { state: 'paused' }, ids: ['second'] },
  { query: { state: 'paused,running', order: 'asc' }, ids: ['first', 'second', 'third'] },
  { query: { metadata: new URLSearchParams({ project: encodeURIComponent('tides & moon') }).toString() }, ids: ['first'] },
  { query: { metadata: 'project=nobody' }, ids: [] },
  { query: { startedAfter: new Date(2000).toISOString() }, ids: ['third', 'second'] },
  { query: { template: 'desktop' }, ids: ['second'] },
  { query: { limit: '2' }, ids: ['third', 'second'], next: 2 },
  { query: { limit: '2', nextToken: '2' }, ids: ['first'] },
  { query: { limit: '3' }, ids: ['third', 'second', 'first'] },
])('a list with $query', ({ query, ids, next }) => {
  const found = pageOf(records, ListQuery.parse(query), stateOf)
  expect([found.page.map(({ id }) => id), found.next]).toEqual([ids, next])
})
