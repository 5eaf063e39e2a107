import { z } from 'zod'
import { Email } from '#shared/auth/schema.ts'
import { AccountPage, AccountQuery, Erasure, RevokedKeys } from '#shared/people/schema.ts'
import type { People } from '../people/service.ts'

const email = Email

/** What the command asks, over the socket or in its own process: people are named by their addresses. */
export const AdminCommand = z.discriminatedUnion('command', [
  AccountQuery.extend({ command: z.literal('users') }),
  z.object({ command: z.literal('disable'), email }),
  z.object({ command: z.literal('enable'), email }),
  z.object({ command: z.literal('reset-password'), email }),
  z.object({ command: z.literal('revoke-keys'), email }),
  z.object({ command: z.literal('erase'), email, how: Erasure }),
])
export type AdminCommand = z.output<typeof AdminCommand>

/** What is answered, each only for its command. `link` is a secret: it is shown and kept nowhere. */
export const AdminAnswer = z.object({
  page: AccountPage.optional(),
  link: z.object({ url: z.string(), expiresAt: z.number() }).optional(),
  keys: RevokedKeys.optional(),
})
export type AdminAnswer = z.output<typeof AdminAnswer>

/** @throws AppError as the service does */
export async function runAdminCommand(people: People, url: string, asked: AdminCommand): Promise<AdminAnswer> {
  if (asked.command === 'users') return { page: await people.list(asked) }
  const userId = await people.find(asked.email)
  switch (asked.command) {
    case 'disable':
      await people.disable(userId)
      return {}
    case 'enable':
      await people.enable(userId)
      return {}
    case 'reset-password': {
      const { path, expiresAt } = await people.resetPassword(userId)
      return { link: { url: url + path, expiresAt } }
    }
    case 'revoke-keys':
      return { keys: await people.revokeKeys(userId) }
    case 'erase':
      await people.erase(userId, asked.how)
      return {}
  }
}
