import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Auth } from '../auth/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { defineFeature } from '../features/define-feature.ts'
import type { Documents } from '../sync/port.ts'
import { readOverview } from './overview.ts'
import { projectProjection } from './projection.ts'
import { projectRoutes } from './routes.ts'
import type { Projects } from './service.ts'

type Deps = {
  database: Database
  documents: Documents
  projects: Projects
  limits: Auth['limits']
  peopleIn(projectIds: readonly ProjectId[]): Promise<Map<ProjectId, UserId[]>>
  clock: Clock
  log: Logger
}

export const projectsFeature = ({ database, documents, projects, limits, peopleIn, clock, log }: Deps) =>
  defineFeature({
    name: 'projects',
    routes(app, authorize) {
      const overview = (userId: UserId) => readOverview({ database, peopleIn, clock }, userId)
      projectRoutes(app, authorize, { projects, limits, overview })
    },
    documents: { project: projectProjection({ database, documents, projects, log }) },
    hears: { renamed: projects.renamed },
  })
