import { z } from 'zod'
import { ProjectId, TerminalId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { NewTerminal, Terminal, TerminalTitle } from './schema.ts'

const byProject = z.object({ id: ProjectId })
const byTerminal = z.object({ id: ProjectId, terminalId: TerminalId })

export const terminalCalls = {
  listTerminals: defineCall({
    name: 'listTerminals',
    method: 'GET',
    path: '/api/projects/:id/terminals',
    summary: 'The terminals of the room, in the order in which they were opened.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    answer: z.object({ terminals: z.array(Terminal) }),
  }),
  openTerminal: defineCall({
    name: 'openTerminal',
    method: 'POST',
    path: '/api/projects/:id/terminals',
    summary: 'Open a shell on a terminal of its own. Type and read over the websocket `/api/projects/:id/terminals/:terminalId`.',
    access: member('project', 'sandbox.run'),
    params: byProject,
    body: NewTerminal,
    answer: Terminal,
    status: 201,
  }),
  renameTerminal: defineCall({
    name: 'renameTerminal',
    method: 'PATCH',
    path: '/api/projects/:id/terminals/:terminalId',
    summary: 'Give a terminal another title.',
    access: member('project', 'sandbox.run'),
    params: byTerminal,
    body: z.object({ title: TerminalTitle }),
    answer: Terminal,
  }),
  closeTerminal: defineCall({
    name: 'closeTerminal',
    method: 'DELETE',
    path: '/api/projects/:id/terminals/:terminalId',
    summary: 'End a terminal and everything started in it.',
    access: member('project', 'sandbox.run'),
    params: byTerminal,
    answer: 'empty',
  }),
  readTerminal: defineCall({
    name: 'readTerminal',
    method: 'GET',
    path: '/api/projects/:id/terminals/:terminalId/text',
    summary: 'What stands in a terminal, as plain text: the last lines.',
    access: member('project', 'sandbox.read'),
    params: byTerminal,
    query: z.object({ lines: z.coerce.number().int().min(1).max(2000).default(200) }),
    answer: z.object({ text: z.string(), lines: z.number().int() }),
  }),
}
