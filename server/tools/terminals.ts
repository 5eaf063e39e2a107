import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { TerminalId } from '#shared/base/ids.ts'
import { TerminalTitle } from '#shared/terminals/schema.ts'
import { defineTool } from './define.ts'
import type { TerminalServices } from './services.ts'
import { failed, orFailed } from './failed.ts'
import { code, firstLine, textOf } from './presentation-parts.ts'

/** Gives `{terminal, title}`. For what should stay on and be seen by people: a server, a watcher, a session they take over. */
export const openTerminal = defineTool({
  name: 'open_terminal',
  description:
    'Open a terminal that everybody in the room sees and people can type in, and optionally begin a command in it. Use it for what keeps running (a development server, a watcher). Does not wait for the command; look with read_terminal.',
  input: z.object({
    title: TerminalTitle.optional().describe('A short name for its tab'),
    command: z.string().min(1).max(8000).optional().describe('Typed into it, as people would'),
  }),
  risk: 'high',
  asks: ({ command }) => command !== undefined,
  idempotent: false,
  title: ({ command, title }) =>
    command ? `Start ${cutAfter(command.split('\n')[0] ?? '', 100)} in a terminal` : `Open the terminal ${title ?? ''}`.trim(),
  verb: 'terminal',
  saidBy: { args: ['command', 'title'], isCode: true },
  present: ({ args, status }) => ({
    kind: 'json',
    about: code(firstLine(textOf(args.command) || textOf(args.title))),
    place: { tab: 'terminal' },
    opens: status === 'ok',
  }),
  execute: ({ title, command }, context, { terminals }: TerminalServices) =>
    orFailed(async () => {
      const { projectId } = context
      const author = { kind: 'agent', id: context.agent.id, name: context.agent.name } as const
      const opened = await terminals.open(projectId, author, { title })
      if (command !== undefined) await terminals.type(projectId, opened.id, author, `${command}\n`)
      return { status: 'ok', value: { terminal: opened.id, title: opened.title } }
    }),
})

/** Gives `{terminal, title, status, text}`: the last lines, as plain text. */
export const readTerminal = defineTool({
  name: 'read_terminal',
  description: 'Read what stands in a terminal of the room: its last lines as plain text. Without an id, the one opened last.',
  input: z.object({
    terminal: TerminalId.optional().describe('Its id, from open_terminal'),
    lines: z.number().int().min(1).max(1000).optional().describe('How many of the last lines; 100 unless given'),
  }),
  risk: 'low',
  asks: 'never',
  idempotent: true,
  title: () => 'Read a terminal',
  verb: 'readTerminal',
  present: () => ({ kind: 'json', place: { tab: 'terminal' } }),
  execute: ({ terminal, lines = 100 }, { projectId }, { terminals }: TerminalServices) =>
    orFailed(async () => {
      const list = await terminals.list(projectId)
      const found = terminal ? list.find(({ id }) => id === terminal) : list.at(-1)
      if (!found)
        return failed(
          'not_found',
          list.length === 0
            ? 'No terminal is open in this room.'
            : `There is no terminal ${terminal}. There are: ${list.map(({ id, title }) => `${id} (${title})`).join(', ')}.`,
        )
      const { text } = await terminals.text(projectId, found.id, lines)
      return { status: 'ok', value: { terminal: found.id, title: found.title, status: found.status, text } }
    }),
})
