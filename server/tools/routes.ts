import type { Hono } from 'hono'
import { sessionCalls } from '#shared/sessions/api.ts'
import { serve, type AppEnv, type Authorize } from '../http/serve.ts'
import type { createUndoEdit } from './undo-edit.ts'

export function toolRoutes(app: Hono<AppEnv>, authorize: Authorize, undoEdit: ReturnType<typeof createUndoEdit>): void {
  serve(app, authorize, sessionCalls.undoEdit, ({ principal, membership, params }) =>
    undoEdit(membership.projectId, params.id, params.itemId, { kind: 'user', id: principal.userId, name: principal.name }),
  )
}
