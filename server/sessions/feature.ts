import type { Budget } from '../base/budget.ts'
import { defineFeature } from '../features/define-feature.ts'
import { sessionRoutes } from './routes.ts'
import type { StreamRights } from './routes.ts'
import type { Sessions } from './service.ts'

type Deps = { sessions: Sessions; rights: StreamRights; eventStreams: Budget }

export const sessionsFeature = ({ sessions, rights, eventStreams }: Deps) =>
  defineFeature({ name: 'sessions', routes: (app, authorize) => sessionRoutes(app, authorize, sessions, rights, eventStreams) })
