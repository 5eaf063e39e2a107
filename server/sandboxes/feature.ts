import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { defineFeature } from '../features/define-feature.ts'
import type { Files } from '../files/port.ts'
import type { Documents } from '../sync/port.ts'
import type { Sandboxes } from './port.ts'
import { showUsage } from './projection.ts'
import { sandboxRoutes } from './routes.ts'

type Deps = { sandboxes: Sandboxes; database: Database; documents: Documents; files: Files; log: Logger }

export function sandboxesFeature({ sandboxes, database, documents, files, log }: Deps) {
  const usage = showUsage({ sandboxes, documents, log })
  return defineFeature({
    name: 'sandboxes',
    routes: (app, authorize) => sandboxRoutes(app, authorize, { sandboxes, database, files }),
    on: {
      // One of another data folder, or of this one, is removed by the process that has that folder.
      'project.deleted': ({ projectId, sandbox }) => (sandbox?.hostId ? undefined : sandboxes.remove(projectId, sandbox?.id)),
      'sandbox.orphaned': ({ projectId, sandboxId }) => sandboxes.remove(projectId, sandboxId),
    },
    stop: [
      { name: 'timers', stop: usage.stop, withinMs: 100 },
      { name: 'sandboxes', stop: () => sandboxes.stop(), withinMs: 500 },
    ],
  })
}
