import type { ProjectId, RunId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import { fileBaselines } from './table.ts'
import { noteFiles } from './workspace.ts'

type Deps = { database: Database; sandboxes: Sandboxes; clock: Clock; log: Logger }

/** How the files of a project were before each run: noted inside the sandbox, once. */
export function createRunBaselines({ database, sandboxes, clock, log }: Deps) {
  /** Runs before which this process has noted them. */
  const noted = new Set<RunId>()
  return {
    /** Never throws. */
    async note(projectId: ProjectId, runId: RunId): Promise<void> {
      if (noted.has(runId)) return
      noted.add(runId)
      try {
        const sandbox = await sandboxes.get(projectId)
        const made = await database.db.insert(fileBaselines).values({ runId, projectId, at: clock.now() }).onConflictDoNothing().returning()
        if (made.length > 0) await noteFiles(sandbox, runId)
      } catch (error) {
        log.warn({ err: error, projectId, runId }, 'how the files were before a run was not noted')
      }
    },
  }
}
