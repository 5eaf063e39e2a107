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
  'toString',
])('what is no command does nothing: %j', (line) => {
  expect(read(line)).toBeUndefined()
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
