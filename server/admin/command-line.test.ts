import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAdminLine, tellAnswer } from './command-line.ts'

const read = (line: string) => readAdminLine(line.split(' ').filter(Boolean))

test('each command is read, and an address however it is written', () => {
  expect(read('users')).toMatchObject({ command: 'users', limit: 50 })
  expect(read('users --after a@b.org --limit 5')).toMatchObject({ after: 'a@b.org', limit: 5 })
  expect(read('disable Mei@Example.org')).toEqual({ command: 'disable', email: 'mei@example.org' })
  expect(read('erase mei@example.org --owner ada@example.org')).toMatchObject({ how: { withProjects: false, owner: 'ada@example.org' } })
  expect(read('erase mei@example.org --with-projects')).toMatchObject({ how: { withProjects: true } })
  expect(read('move')).toEqual({ command: 'move' })
  expect(read('backup /backups')).toEqual({ command: 'backup', folder: '/backups' })
  expect(read('backup backups')).toEqual({ command: 'backup', folder: join(process.cwd(), 'backups') })
  expect(read('verify /backups/atrium-1')).toEqual({ command: 'verify', backup: '/backups/atrium-1' })
  expect(read('restore /backups/atrium-1')).toEqual({ command: 'restore', backup: '/backups/atrium-1', takeOver: false })
  expect(read('restore /backups/atrium-1 --take-over')).toMatchObject({ takeOver: true })
  expect(read('move --to postgres://db/atrium')).toEqual({ command: 'move', to: 'postgres://db/atrium' })
})

test.each([
  '',
  'help',
  'disable',
  'disable mei',
  'disable mei@example.org --with-projects',
  'disable mei@example.org tomas@example.org',
  'users mei@example.org',
  'erase mei@example.org --with-projects --owner ada@example.org',
  'erase mei@example.org --limit 3',
  'erase mei@example.org --force',
  'erase mei@example.org --to postgres://db/atrium',
  'move postgres://db/atrium',
  'move --to',
  'move --with-projects',
  'backup',
  'backup /backups --take-over',
  'backup /backups /more',
  'verify',
  'restore',
  'restore /backups/atrium-1 --to postgres://db/atrium',
  'toString',
])('what is no command does nothing: %j', (line) => {
  expect(read(line)).toBeUndefined()
})

test('a backup says where it is, how long everybody waited, and aloud what is not in it', () => {
  const asked = { command: 'backup', folder: '/backups' } as const
  const backup = { path: '/backups/atrium-1', entries: 2, bytes: 1024 * 1024, rows: 3, heldMs: 41, cloud: 0, leftOut: { count: 0, some: [] } }
  expect(tellAnswer(asked, { backup })).toMatch(
    /^\/backups\/atrium-1 is whole: 3 rows and 2 files, folders and links, 1\.0 MB\. Everybody waited 41 ms\.\n/,
  )
  expect(tellAnswer(asked, { backup })).not.toContain('NOT')
  const told = tellAnswer(asked, { backup: { ...backup, cloud: 2, leftOut: { count: 1, some: [{ path: 'a\nb', why: 'it may not be read' }] } } })
  expect(told).toContain("NOT in it: the files of 2 sandboxes in E2B's cloud")
  expect(told).toContain('1, such as\n  "a\\nb": it may not be read\n')
})

test('a list says who is who, and how to go on', () => {
  const asked = { command: 'users', limit: 1 } as const
  const mei = {
    id: 'usr_1' as never,
    name: 'Mei',
    email: 'mei@example.org',
    admin: false,
    createdAt: 0,
    disabledAt: 1,
    lastSeenAt: null,
    projects: 2,
    keys: 1,
  }
  expect(tellAnswer(asked, { page: { people: [mei], nextAfter: 'mei@example.org' } })).toBe(
    'mei@example.org  Mei  (disabled, 2 projects, 1 keys, not signed in)\nMore: npm run admin -- users --after mei@example.org\n',
  )
})
