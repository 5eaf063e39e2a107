import { parseArgs } from 'node:util'
import { AdminCommand } from './commands.ts'
import type { AdminAnswer } from './commands.ts'

export const usage = `npm run admin -- <command>, where the server runs and with its settings:

  users [--after <email>] [--limit <n>]   lists accounts
  reset-password <email>                  prints a link, for a day and one use, to choose a new password
  disable <email>                         keeps somebody out: sign-ins end, keys do not work, memberships stay
  enable <email>                          lets them in again
  revoke-keys <email>                     revokes every API key of theirs
  erase <email>                           erases their data; what they wrote stays, without their name
      --owner <email>                     a member who becomes owner of the projects that they alone own
      --with-projects                     or: those projects are deleted
`

/** Undefined when the line is no command. */
export function readAdminLine(args: string[]): AdminCommand | undefined {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { after: { type: 'string' }, limit: { type: 'string' }, owner: { type: 'string' }, 'with-projects': { type: 'boolean' } },
    })
    const [command, email, ...more] = positionals
    const { after, limit, owner, 'with-projects': withProjects } = values
    const listing = command === 'users'
    const erasing = command === 'erase'
    // An option that another command would take is a mistake here: nothing is done that was not meant.
    if (more.length > 0 || (listing && email !== undefined)) return undefined
    if (!listing && (after !== undefined || limit !== undefined)) return undefined
    if (!erasing && (owner !== undefined || withProjects !== undefined)) return undefined
    return AdminCommand.safeParse({ command, email, after, limit, ...(erasing && { how: { owner, withProjects } }) }).data
  } catch {
    return undefined
  }
}

/** What is printed. Never a hash or a key; the link of a reset only where it was asked for. */
export function tellAnswer(asked: AdminCommand, answer: AdminAnswer): string {
  switch (asked.command) {
    case 'users':
      return tellPage(answer)
    case 'disable':
      return `${asked.email} is disabled.\n`
    case 'enable':
      return `${asked.email} is enabled.\n`
    case 'revoke-keys':
      return `${answer.keys?.revoked ?? 0} keys of ${asked.email} were revoked.\n`
    case 'reset-password':
      return (
        `Give this link to ${asked.email}. It is shown once, works once, and until ${day(answer.link?.expiresAt ?? 0)} UTC:\n  ${answer.link?.url ?? ''}\n` +
        'By another address of the server, put what begins with /reset behind that one.\n'
      )
    case 'erase':
      return (
        `The data of ${asked.email} is erased. What stays: messages and votes, under “Somebody who left”; names that people typed in their texts;\n` +
        'earlier states of rooms in the history of documents; and backups of before.\n'
      )
  }
}

function tellPage({ page }: AdminAnswer): string {
  if (!page || page.people.length === 0) return 'There are no accounts.\n'
  const lines = page.people.map((one) => {
    const notes = [one.admin && 'admin', one.disabledAt !== null && 'disabled', `${one.projects} projects`, `${one.keys} keys`]
    const seen = one.lastSeenAt === null ? 'not signed in' : `seen ${day(one.lastSeenAt)}`
    return `${one.email}  ${one.name}  (${[...notes, seen].filter(Boolean).join(', ')})\n`
  })
  const next = page.nextAfter === null ? '' : `More: npm run admin -- users --after ${page.nextAfter}\n`
  return lines.join('') + next
}

const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
