import { z } from 'zod'
import { CellId, ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { Cell, ContextName, NewCell } from './schema.ts'

const byProject = z.object({ id: ProjectId })

export const pythonCalls = {
  runPython: defineCall({
    name: 'runPython',
    method: 'POST',
    path: '/api/projects/:id/python',
    summary: 'Run Python in the sandbox as a cell of the room, and wait for its end. The same id again answers the cell that there is.',
    access: member('project', 'sandbox.run'),
    params: byProject,
    body: NewCell,
    answer: Cell,
  }),
  listCells: defineCall({
    name: 'listCells',
    method: 'GET',
    path: '/api/projects/:id/python',
    summary: 'Cells that were run, the newest page first.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    query: z.object({ before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(100).default(50) }),
    answer: z.object({ cells: z.array(Cell) }),
  }),
  readCell: defineCall({
    name: 'readCell',
    method: 'GET',
    path: '/api/projects/:id/python/cells/:cellId',
    summary: 'One cell.',
    access: member('project', 'sandbox.read'),
    params: byProject.extend({ cellId: CellId }),
    answer: Cell,
  }),
  interruptPython: defineCall({
    name: 'interruptPython',
    method: 'POST',
    path: '/api/projects/:id/python/interrupt',
    summary: 'Interrupt what runs in a context, as Ctrl-C does; what waits behind it does not run.',
    access: member('project', 'sandbox.run'),
    params: byProject,
    body: z.object({ context: ContextName.default('main') }),
    answer: 'empty',
  }),
  restartPython: defineCall({
    name: 'restartPython',
    method: 'POST',
    path: '/api/projects/:id/python/restart',
    summary: 'Begin a context anew: its variables are forgotten. A context that is not there is made.',
    access: member('project', 'sandbox.run'),
    params: byProject,
    body: z.object({ context: ContextName.default('main') }),
    answer: 'empty',
  }),
  removeContext: defineCall({
    name: 'removeContext',
    method: 'DELETE',
    path: '/api/projects/:id/python/contexts/:context',
    summary: 'End a context. Its cells stay.',
    access: member('project', 'sandbox.run'),
    params: byProject.extend({ context: ContextName }),
    answer: 'empty',
  }),
}
