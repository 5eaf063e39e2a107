import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { Email } from '#shared/auth/schema.ts'
import { AccountPage, AccountQuery, Erasure, RevokedKeys } from '#shared/people/schema.ts'
import { MadeBackup } from '../backup/service.ts'
import type { Backups, Tell } from '../backup/service.ts'
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
  /** Absolute: the server may have begun elsewhere. */
  z.object({ command: z.literal('backup'), folder: z.string().min(1).max(3000).refine(isAbsolute) }),
])
export type AdminCommand = z.output<typeof AdminCommand>

/** What is answered, each only for its command. `link` is a secret: it is shown and kept nowhere. */
export const AdminAnswer = z.object({
  page: AccountPage.optional(),
  link: z.object({ url: z.string(), expiresAt: z.number() }).optional(),
  keys: RevokedKeys.optional(),
  backup: MadeBackup.optional(),
})
export type AdminAnswer = z.output<typeof AdminAnswer>

/** For what takes long: whoever asked hears how it goes on, and may give it up. */
export type Asking = { tell: Tell; signal: AbortSignal }

type PeopleCommand = Exclude<AdminCommand, { command: 'backup' }>

/** @throws AppError as the service does */
export async function runPeopleCommand(people: People, url: string, asked: PeopleCommand): Promise<AdminAnswer> {
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

/** @throws AppError as the services do */
export async function runAdminCommand(
  { people, backups }: { people: People; backups: Backups },
  url: string,
  asked: AdminCommand,
  { tell, signal }: Asking,
): Promise<AdminAnswer> {
  if (asked.command !== 'backup') return runPeopleCommand(people, url, asked)
  return { backup: await backups.make(asked.folder, tell, signal) }
}
