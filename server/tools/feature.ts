import { defineFeature } from '../features/define-feature.ts'
import type { Files } from '../files/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Sessions } from '../sessions/service.ts'
import { toolRoutes } from './routes.ts'
import { createUndoEdit } from './undo-edit.ts'

export const toolsFeature = (deps: { sessions: Sessions; files: Files; sandboxes: Sandboxes }) =>
  defineFeature({ name: 'tools', routes: (app, authorize) => toolRoutes(app, authorize, createUndoEdit(deps)) })
