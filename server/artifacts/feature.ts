import { defineFeature } from '../features/define-feature.ts'
import { artifactRoutes } from './routes.ts'
import type { Artifacts } from './service.ts'

export const artifactsFeature = (artifacts: Artifacts) =>
  defineFeature({ name: 'artifacts', routes: (app, authorize) => artifactRoutes(app, authorize, artifacts) })
