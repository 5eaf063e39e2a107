import type { Role } from '#shared/projects/schema.ts'
import { holds } from '../auth/principal.ts'
import type { Person } from '../auth/principal.ts'

/** A key that may not write watches, whatever its owner may; one that may not read sees nothing. */
export function roleBy(principal: Pick<Person, 'by' | 'key'>, role: Role): Role | undefined {
  if (!holds(principal, 'read')) return undefined
  return holds(principal, 'write') ? role : 'viewer'
}
