import { z } from 'zod'
import type { Action } from '../projects/roles.ts'
import type { Call } from '../wire/call.ts'

/**
 * What a key may do, out of what its owner may.
 *   read    look at everything
 *   write   change things: talk, edit files, run commands
 *   decide  approve and deny in its owner's name, change the rules about that, and who belongs to a project
 */
export const KeyScope = z.enum(['read', 'write', 'decide'])
export type KeyScope = z.infer<typeof KeyScope>

/** What a key has unless somebody chooses otherwise. */
export const usualScopes: readonly KeyScope[] = ['read', 'write']

/** At least one, each once, in their order. */
export const KeyScopes = z
  .array(KeyScope)
  .min(1, 'a key needs at least one scope')
  .max(10)
  .transform((given) => KeyScope.options.filter((scope) => given.includes(scope)))

/** Who belongs to a project may decide there: whoever can add an account of their own needs no other right. */
const deciding: ReadonlySet<Action> = new Set<Action>(['approval.decide', 'policy.manage', 'members.manage', 'invites.manage'])

/** What a key needs for a call. `person`: no key is enough. Undefined where nobody needs anything. */
export function scopeFor({ access, method, keys }: Pick<Call, 'access' | 'method' | 'keys'>): KeyScope | 'person' | undefined {
  if (keys) return keys
  if (access.kind === 'public') return undefined
  if (method === 'GET') return 'read'
  return access.kind === 'member' && deciding.has(access.action) ? 'decide' : 'write'
}
