import type { Auth } from '../auth/service.ts'
import { defineFeature } from '../features/define-feature.ts'
import { peopleRoutes } from './routes.ts'
import type { People } from './service.ts'

export const peopleFeature = (deps: { people: People; auth: Auth }) =>
  defineFeature({ name: 'people', routes: (app, authorize) => peopleRoutes(app, authorize, deps) })
