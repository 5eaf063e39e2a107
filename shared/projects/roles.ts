import type { ProjectRights, Role } from './schema.ts'

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
  /** Said to the agent, not only to the people. */
  'agent.ask': 'editor',
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

/** What a project's owners may allow viewers beyond their role, and the switch that does. */
const switchOf: Partial<Record<Action, keyof ProjectRights>> = { 'message.send': 'viewersMayWrite' }

/** @param rights of the project; without them nothing is allowed beyond the role */
export function can(role: Role, action: Action, rights?: ProjectRights): boolean {
  const allowed = switchOf[action]
  return strength[role] >= strength[weakestRole[action]] || (allowed !== undefined && rights?.[allowed] === true)
}
