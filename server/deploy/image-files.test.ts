import { expect, test } from 'vitest'
import { isShipped, packagesFor } from './image-files.ts'

test('an image has what the server runs, and nothing of development', () => {
  for (const path of [
    'server/main.ts',
    'server/db/migrations/0000_start.sql',
    'server/db/migrations/meta/_journal.json',
    'server/sandboxes/host/agent/python/runner.py',
    'server/sandboxes/host/run.ts',
  ])
    expect(isShipped(path), path).toBe(true)
  for (const path of [
    'server/auth/auth.test.ts',
    'server/testing',
    'server/sync/testing/room.ts',
    'server/bench/run.ts',
    'server/launch',
    'server/sandboxes/contract-machine.ts',
    'server/sync/README.md',
    'server/db/migrations/meta/0003_snapshot.json',
  ])
    expect(isShipped(path), path).toBe(false)
})

test('the packages are those that are named and what these need, as Node finds them', () => {
  const lock = {
    packages: {
      'node_modules/a': {
        dependencies: { b: '1' },
        peerDependencies: { peer: '1', extra: '1' },
        peerDependenciesMeta: { extra: { optional: true } },
      },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' }, optionalDependencies: { elsewhere: '1' } },
      'node_modules/b': {},
      'node_modules/c': { dependencies: { a: '1' } },
      'node_modules/peer': {},
      'node_modules/extra': {},
      'node_modules/unused': {},
    },
  }
  expect(packagesFor(['a'], lock)).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/peer'])
  expect(packagesFor(['b'], lock)).toEqual(['node_modules/b'])
})
