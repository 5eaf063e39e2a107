import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { WorkspaceTab } from '#shared/presence/schema.ts'
import { defineTool } from './define.ts'
import { firstLine, plain, textOf } from './presentation-parts.ts'

/*
 * Suggestions to the people of the room. The item of the call is what they see, with a button; nothing is opened and
 * nobody's focus is moved unless they press it.
 */

/** Gives `{suggested: tab}`. */
export const uiOpenTab = defineTool({
  name: 'ui_open_tab',
  description: 'Suggest to the people that they look at a tab of the workspace. They see a button; nothing opens by itself.',
  input: z.object({ tab: WorkspaceTab.describe('The tab to look at') }),
  risk: 'low',
  idempotent: true,
  title: ({ tab }) => `Suggest the tab ${tab}`,
  verb: 'suggest',
  saidBy: { args: ['tab'] },
  present({ args }) {
    const tab = WorkspaceTab.safeParse(args.tab).data
    const about = plain(firstLine(textOf(args.tab)))
    return tab ? { kind: 'suggestion', tab, about, place: { tab } } : { kind: 'json', about }
  },
  execute: async ({ tab }) => ({ status: 'ok', value: { suggested: tab } }),
})

const Level = z.enum(['info', 'success', 'warning', 'error'])

/** Gives `{told: true}`. */
export const uiNotify = defineTool({
  name: 'ui_notify',
  description: 'Show the people a short notice, for what they should know now and would otherwise miss. Not for progress or answers.',
  input: z.object({
    level: Level.describe('How much it matters'),
    message: z.string().trim().min(1).max(500).describe('One sentence'),
  }),
  risk: 'low',
  idempotent: true,
  title: ({ message }) => `Tell the people: ${cutAfter(message, 200)}`,
  verb: 'tell',
  saidBy: { args: ['message'] },
  present({ args }) {
    const message = cutAfter(textOf(args.message), 500)
    const about = plain(firstLine(message))
    return message === '' ? { kind: 'json', about } : { kind: 'notice', level: Level.safeParse(args.level).data ?? 'info', message, about }
  },
  execute: async () => ({ status: 'ok', value: { told: true } }),
})
