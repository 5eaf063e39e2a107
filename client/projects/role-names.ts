import type { Role } from '#shared/projects/schema.ts'

export const roleNames: Record<Role, string> = { owner: 'Owner', editor: 'Editor', viewer: 'Viewer' }
