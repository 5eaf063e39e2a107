import { defineFeature } from '../features/define-feature.ts'
import type { ProfileResolver } from './resolver.ts'
import { profileRoutes } from './routes.ts'

export const profilesFeature = (deps: { profiles: ProfileResolver; tenantId: string }) =>
  defineFeature({ name: 'profiles', routes: (app, authorize) => profileRoutes(app, authorize, deps) })
