import { z } from 'zod'
import { Email, Name } from '../auth/schema.ts'
import { UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'

/** An account as an admin sees it. `lastSeenAt`: to the minute, null where the person is signed in nowhere. */
export const Account = z.object({
  id: UserId,
  name: Name,
  email: z.string(),
  admin: z.boolean(),
  createdAt: EpochMs,
  disabledAt: EpochMs.nullable(),
  lastSeenAt: EpochMs.nullable(),
  projects: z.number().int(),
  keys: z.number().int(),
})
export type Account = z.infer<typeof Account>

/** In the order of their addresses. `nextAfter` as `after` gives the page behind it; null at the end. */
export const AccountPage = z.object({ people: z.array(Account), nextAfter: z.string().nullable() })
export const AccountQuery = z.object({
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AccountQuery = z.infer<typeof AccountQuery>

/** What becomes of projects that nobody else owns: they go too, or the member with the address of `owner` owns them. */
export const Erasure = z
  .object({ withProjects: z.boolean().default(false), owner: Email.optional() })
  .refine(({ withProjects, owner }) => !withProjects || owner === undefined, 'either the projects go or somebody else owns them')
export type Erasure = z.output<typeof Erasure>

/** `path` leads to the page, on whatever address the server has; what is behind its `#` is the secret and never sent. */
export const ResetLink = z.object({ path: z.string(), expiresAt: EpochMs })
export const RevokedKeys = z.object({ revoked: z.number().int() })
