import { defineFeature } from '../features/define-feature.ts'
import type { ProfileResolver } from '../profiles/resolver.ts'
import type { Sessions } from '../sessions/service.ts'
import { jobOf } from '../jobs/define-job.ts'
import { agentsInRoom } from './agents-in-room.ts'
import { recoverRuns } from './jobs.ts'
import { runRoutes } from './routes.ts'
import type { Runs } from './service.ts'

type Deps = { runs: Runs; sessions: Pick<Sessions, 'stop'>; profiles: ProfileResolver; model: { name: string; demo: boolean } }

export const runsFeature = ({ runs, sessions, profiles, model }: Deps) =>
  defineFeature({
    name: 'runs',
    routes: (app, authorize) => runRoutes(app, authorize, runs),
    documents: { project: agentsInRoom({ profiles, model }) },
    on: {
      'project.deleted': ({ sessionIds }) => runs.endSessions(sessionIds),
      'session.deleted': ({ sessionId }) => runs.endSessions([sessionId]),
    },
    hears: { renamed: runs.renamed },
    jobs: [jobOf(recoverRuns, () => runs.sweep(), { everyMinute: true, inRooms: true })],
    start: () => runs.start(),
    // Sessions stop last: until then runs write what they show into the sessions' documents.
    stop: [{ name: 'runs', stop: () => runs.stop().then(() => sessions.stop()), withinMs: 700 }],
  })
