import { expect, test } from 'vitest'
import type { KeyScope } from '#shared/auth/scopes.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Person } from '../auth/principal.ts'
import { roleBy } from './role-by.ts'

type By = Pick<Person, 'by' | 'key'>
const key = (...scopes: KeyScope[]): By => ({ by: 'key', key: { name: 'script', scopes } })

test.each<{ name: string; by: By; role: Role; is: Role | undefined }>([
  { name: 'a person has their own', by: { by: 'cookie' }, role: 'editor', is: 'editor' },
  { name: 'a key that may write has that of its owner', by: key('read', 'write'), role: 'owner', is: 'owner' },
  { name: 'a key that reads watches', by: key('read'), role: 'owner', is: 'viewer' },
  { name: 'a key that may not read has none', by: key('write'), role: 'owner', is: undefined },
])('the role by a credential: $name', ({ by, role, is }) => {
  expect(roleBy(by, role)).toBe(is)
})
