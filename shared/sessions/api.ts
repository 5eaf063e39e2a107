import { z } from 'zod'
import { ItemId, ProjectId, SessionId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'
import { account, defineCall, member } from '../wire/call.ts'
import { ItemMatches, ItemPage, QuestionAnswer } from './items.ts'
import { SearchPage } from './search-hit.ts'
import { maxPins, MessageAccepted, NewMessage, NewSession, QueuedMessage, QueuedPatch, SessionPatch, SessionSummary } from './schema.ts'

const bySession = z.object({ id: SessionId })
const byQueued = z.object({ id: SessionId, itemId: ItemId })

export const sessionCalls = {
  listSessions: defineCall({
    name: 'listSessions',
    method: 'GET',
    path: '/api/projects/:id/sessions',
    summary: 'Sessions of a project, most recently changed first; those put away only with archived=true.',
    access: member('project', 'session.read'),
    params: z.object({ id: ProjectId }),
    query: z.object({
      before: z.coerce.number().int().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      archived: z.enum(['true', 'false']).default('false'),
    }),
    answer: z.object({ sessions: z.array(SessionSummary), nextBefore: z.number().int().nullable() }),
  }),
  createSession: defineCall({
    name: 'createSession',
    method: 'POST',
    path: '/api/projects/:id/sessions',
    summary: 'Create a session. The same id again answers the session that exists.',
    access: member('project', 'session.create'),
    params: z.object({ id: ProjectId }),
    body: NewSession,
    answer: SessionSummary,
    status: 201,
  }),
  getSession: defineCall({
    name: 'getSession',
    method: 'GET',
    path: '/api/sessions/:id',
    summary: 'One session.',
    access: member('session', 'session.read'),
    params: bySession,
    answer: SessionSummary,
  }),
  updateSession: defineCall({
    name: 'updateSession',
    method: 'PATCH',
    path: '/api/sessions/:id',
    summary: 'Rename a session, put it away or take it back.',
    access: member('session', 'session.update'),
    params: bySession,
    body: SessionPatch,
    answer: SessionSummary,
  }),
  deleteSession: defineCall({
    name: 'deleteSession',
    method: 'DELETE',
    path: '/api/sessions/:id',
    summary: 'Delete a session; its run is cancelled.',
    access: member('session', 'session.delete'),
    params: bySession,
    answer: 'empty',
  }),
  listPins: defineCall({
    name: 'listPins',
    method: 'GET',
    path: '/api/projects/:id/pins',
    summary: 'Sessions of a project that you keep at the top of your list, as they are now, the first pinned first.',
    access: member('project', 'session.read'),
    params: z.object({ id: ProjectId }),
    answer: z.object({ sessions: z.array(SessionSummary) }),
  }),
  pinSession: defineCall({
    name: 'pinSession',
    method: 'PUT',
    path: '/api/sessions/:id/pin',
    summary: `Keep a session at the top of your list; at most ${maxPins} of a project.`,
    access: member('session', 'session.read'),
    params: bySession,
    answer: 'empty',
  }),
  unpinSession: defineCall({
    name: 'unpinSession',
    method: 'DELETE',
    path: '/api/sessions/:id/pin',
    summary: 'Keep it there no more.',
    access: member('session', 'session.read'),
    params: bySession,
    answer: 'empty',
  }),
  search: defineCall({
    name: 'search',
    method: 'GET',
    path: '/api/search',
    summary: 'What was said and done in every session you may read, or in those of one project; upper and lower case are the same.',
    access: account,
    query: z.object({
      q: z.string().trim().min(1, 'what to search for is needed').max(200),
      projectId: ProjectId.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().max(200).optional(),
    }),
    answer: SearchPage,
  }),
  sendMessage: defineCall({
    name: 'sendMessage',
    method: 'POST',
    path: '/api/sessions/:id/messages',
    summary: 'Say something to the room or to its agent. Viewers write to people only, where owners allow it. The same id again changes nothing.',
    access: member('session', 'message.send'),
    params: bySession,
    body: NewMessage,
    answer: MessageAccepted,
    status: 202,
  }),
  editQueued: defineCall({
    name: 'editQueued',
    method: 'PATCH',
    path: '/api/sessions/:id/queue/:itemId',
    summary: 'Change a queued message, its mode or its place. 409 when it was already read.',
    access: member('session', 'queue.edit'),
    params: byQueued,
    body: QueuedPatch,
    answer: QueuedMessage,
  }),
  removeQueued: defineCall({
    name: 'removeQueued',
    method: 'DELETE',
    path: '/api/sessions/:id/queue/:itemId',
    summary: 'Remove a queued message. 409 when it was already read.',
    access: member('session', 'queue.edit'),
    params: byQueued,
    answer: 'empty',
  }),
  listItems: defineCall({
    name: 'listItems',
    method: 'GET',
    path: '/api/sessions/:id/items',
    summary: 'Finished items, newest first: the last page, the one before or after a seq, or the one around an item.',
    access: member('session', 'session.read'),
    params: bySession,
    query: z
      .object({
        before: z.coerce.number().int().min(1).optional(),
        after: z.coerce.number().int().min(0).optional(),
        /** An item's id or its seq. */
        around: z.union([ItemId, z.coerce.number().int().min(1)]).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      })
      .refine(({ before, after, around }) => [before, after, around].filter((one) => one !== undefined).length <= 1, {
        message: 'give one of before, after and around',
      }),
    answer: ItemPage,
  }),
  searchItems: defineCall({
    name: 'searchItems',
    method: 'GET',
    path: '/api/sessions/:id/search',
    summary: 'Finished items that hold a text, newest first; upper and lower case are the same.',
    access: member('session', 'session.read'),
    params: bySession,
    query: z.object({
      q: z.string().trim().min(1, 'what to search for is needed').max(200),
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: ItemMatches,
  }),
  answerQuestion: defineCall({
    name: 'answerQuestion',
    method: 'POST',
    path: '/api/sessions/:id/questions/:itemId/answer',
    summary: 'Answer what the agent asked. 409 when it was already answered.',
    access: member('session', 'question.answer'),
    params: byQueued,
    body: z.object({
      answers: z
        .array(QuestionAnswer.extend({ text: z.string().min(1).max(10_000) }))
        .min(1)
        .max(20),
    }),
    answer: 'empty',
  }),
  undoEdit: defineCall({
    name: 'undoEdit',
    method: 'POST',
    path: '/api/sessions/:id/items/:itemId/undo-edit',
    summary:
      'Take back what an agent changed in a file with this call, as an edit of yours. 409, and nothing changes, when that place was changed since.',
    access: member('session', 'file.write'),
    params: byQueued,
    answer: z.object({ path: FilePath, changed: z.boolean() }),
  }),
  sessionEvents: defineCall({
    name: 'sessionEvents',
    method: 'GET',
    path: '/api/sessions/:id/events',
    summary: 'Server-sent events of the session; Last-Event-ID resumes.',
    access: member('session', 'session.read'),
    params: bySession,
    answer: 'raw',
  }),
}
