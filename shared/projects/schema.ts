import { z } from 'zod'
import { InviteId, ProjectId, UserId } from '../base/ids.ts'
import { oneLine } from '../base/one-line.ts'
import { EpochMs } from '../base/time.ts'

/** Roles of a member, the strongest first. */
export const Role = z.enum(['owner', 'editor', 'viewer'])
export type Role = z.infer<typeof Role>

export const ProjectName = z.string().trim().min(1, 'a name is needed').max(120)
export const NewProject = z.object({ id: ProjectId.optional(), name: oneLine(ProjectName) })

/** What owners allow beyond roles. `viewersMayWrite`: viewers may write to the people of the room, never to its agent. */
export const ProjectRights = z.object({ viewersMayWrite: z.boolean().default(false) })
export type ProjectRights = z.infer<typeof ProjectRights>

export const ProjectPatch = z
  .object({ name: oneLine(ProjectName), viewersMayWrite: z.boolean() })
  .partial()
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'say what to change')

/** A project as one of its members sees it in a list. */
export const Project = z.object({
  id: ProjectId,
  name: ProjectName,
  role: Role,
  createdAt: EpochMs,
  updatedAt: EpochMs,
  ...ProjectRights.shape,
})
export type Project = z.infer<typeof Project>

export const Member = z.object({ userId: UserId, name: z.string(), email: z.string().optional(), role: Role, joinedAt: EpochMs })
export type Member = z.infer<typeof Member>

/** `expiresInMs` defaults to 7 days, at most 30. `maxUses` is unlimited unless given. */
export const NewInvite = z.object({
  role: Role.exclude(['owner']),
  expiresInMs: z
    .number()
    .int()
    .min(60_000)
    .max(30 * 86_400_000)
    .optional(),
})
export const Invite = z.object({ id: InviteId, role: Role, createdBy: UserId, createdAt: EpochMs, expiresAt: EpochMs })
export type Invite = z.infer<typeof Invite>
/** The token is in the answer that makes the invite and nowhere else. */
export const MadeInvite = Invite.extend({ url: z.string(), token: z.string() })
