import type { Permission } from '#shared/approvals/schema.ts'
import { permissionOf } from '../profiles/permissions.ts'
import type { Permissions } from '../profiles/define.ts'

/**
 * Whether a tool may run. The profile's `deny` stands; otherwise a rule that the project's people made for the tool wins over what
 * the profile says.
 */
export function decidePermission(tool: string, profile: Permissions, projectRule: Permission | undefined): Permission {
  const own = permissionOf(tool, profile)
  return own === 'deny' ? 'deny' : (projectRule ?? own)
}
