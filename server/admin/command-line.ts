import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { MadeBackup } from '../backup/service.ts'
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

  backup <folder>                         makes <folder>/atrium-<time>: the database and the data folder, as they are at one moment
  verify <backup>                         compares everything in a backup with its manifest, and says what differs
  restore <backup>                        brings it into an empty data folder and an empty database, while no server runs
      --take-over                         where it is from is gone for good: its sandboxes in E2B's cloud are used on
  move [--to <postgres://…>]              takes everything from the embedded database to an empty Postgres; only while no server runs.
                                          The address is better in DATABASE_URL: what is on a command line, everybody on the machine can read
`

/** What works on the data folder itself, and never in a server that runs. */
const FolderCommand = z.discriminatedUnion('command', [
  z.object({ command: z.literal('move'), to: z.string().optional() }),
  z.object({ command: z.literal('verify'), backup: z.string().min(1) }),
  z.object({ command: z.literal('restore'), backup: z.string().min(1), takeOver: z.boolean().default(false) }),
])
export type FolderCommand = z.output<typeof FolderCommand>

const Command = z.union([AdminCommand, FolderCommand])

type Read = { /** What comes after the command's name. */ named: string | undefined; options: Record<string, string | boolean | undefined> }

/** Each command: the options that it takes, and what its line means. An option of another command is a mistake: nothing is done that was not meant. */
const commands: Record<string, { takes: readonly string[]; means: (read: Read) => unknown }> = {
  users: { takes: ['after', 'limit'], means: ({ named, options }) => (named === undefined ? options : undefined) },
  'reset-password': { takes: [], means: ({ named }) => ({ email: named }) },
  disable: { takes: [], means: ({ named }) => ({ email: named }) },
  enable: { takes: [], means: ({ named }) => ({ email: named }) },
  'revoke-keys': { takes: [], means: ({ named }) => ({ email: named }) },
  erase: {
    takes: ['owner', 'with-projects'],
    means: ({ named, options }) => ({ email: named, how: { owner: options.owner, withProjects: options['with-projects'] } }),
  },
  backup: { takes: [], means: ({ named }) => ({ folder: absolute(named) }) },
  verify: { takes: [], means: ({ named }) => ({ backup: absolute(named) }) },
  restore: { takes: ['take-over'], means: ({ named, options }) => ({ backup: absolute(named), takeOver: options['take-over'] }) },
  move: { takes: ['to'], means: ({ named, options }) => (named === undefined ? options : undefined) },
}

const optionTypes = {
  after: { type: 'string' },
  limit: { type: 'string' },
  owner: { type: 'string' },
  'with-projects': { type: 'boolean' },
  'take-over': { type: 'boolean' },
  to: { type: 'string' },
} as const

/** Undefined when the line is no command. */
export function readAdminLine(args: string[]): AdminCommand | FolderCommand | undefined {
  try {
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options: optionTypes })
    const [name = '', named, ...more] = positionals
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command || more.length > 0 || Object.keys(values).some((option) => !command.takes.includes(option))) return undefined
    const meant = command.means({ named, options: values })
    return meant === undefined ? undefined : Command.safeParse({ command: name, ...meant }).data
  } catch {
    return undefined
  }
}

const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(path))

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
    case 'backup':
      return answer.backup ? tellBackup(answer.backup) : ''
  }
}

function tellBackup({ path, entries, bytes, rows, heldMs, cloud, leftOut }: MadeBackup): string {
  const lines = [
    `${path} is whole: ${rows} rows and ${entries} files, folders and links, ${(bytes / 1024 / 1024).toFixed(1)} MB. Everybody waited ${heldMs} ms.`,
    'Whoever can read it can read everything in the workspace: it is for its owner alone, and so should every copy of it be.',
  ]
  if (cloud > 0) {
    lines.push(
      `NOT in it: the files of ${cloud} sandboxes in E2B's cloud, which its manifest names. What this server had last copied of their files is in it.`,
    )
  }
  if (leftOut.count > 0) lines.push(`NOT in it, since the server could not read them: ${leftOut.count}, such as`)
  for (const { path: name, why } of leftOut.some.slice(0, 5)) lines.push(`  ${JSON.stringify(name)}: ${why}`)
  return lines.map((line) => `${line}\n`).join('')
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
