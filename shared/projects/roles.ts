import type { Role } from './schema.ts'

/** What a member may do, and the weakest role that may do it. The one place where rights are decided. */
export const weakestRole = {
  'project.read': 'viewer',
  'project.update': 'owner',
  'project.delete': 'owner',
  'members.read': 'viewer',
  'members.manage': 'owner',
  'invites.manage': 'owner',
  'session.read': 'viewer',
  'session.create': 'editor',
  'session.update': 'editor',
  'session.delete': 'editor',
  'message.send': 'editor',
  'queue.edit': 'editor',
  'run.control': 'editor',
  'question.answer': 'editor',
  'approval.read': 'viewer',
  'approval.decide': 'editor',
  'policy.manage': 'owner',
  'board.write': 'editor',
  'file.read': 'viewer',
  'file.write': 'editor',
  'sandbox.read': 'viewer',
  'sandbox.control': 'editor',
  'sandbox.run': 'editor',
  'sandbox.configure': 'owner',
  'desktop.watch': 'viewer',
  'desktop.control': 'editor',
} as const satisfies Record<string, Role>

export type Action = keyof typeof weakestRole

const strength: Record<Role, number> = { viewer: 1, editor: 2, owner: 3 }

export const can = (role: Role, action: Action) => strength[role] >= strength[weakestRole[action]]
