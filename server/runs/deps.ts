import type { ArtifactId, ProjectId, RunId, UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Approvals } from '../approvals/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { JobQueue } from '../jobs/port.ts'
import type { Metrics } from '../metrics/service.ts'
import type { Model, ModelList } from '../models/port.ts'
import type { ProfileResolver } from '../profiles/resolver.ts'
import type { Leases } from '../rooms/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Sessions } from '../sessions/service.ts'
import type { Documents } from '../sync/port.ts'
import type { ToolSources } from '../tools/source.ts'

/** What runs take from the rest of the server. */
export type RunDeps = {
  database: Database
  documents: Documents
  outbox: Pick<Outbox, 'add'>
  sessions: Sessions
  approvals: Approvals
  projects: { rolesIn(projectId: ProjectId): Promise<Map<UserId, Role>> }
  model: Model
  models: Pick<ModelList, 'refuse' | 'sees'>
  profiles: ProfileResolver
  /** Where the tools of a run come from. */
  tools: ToolSources
  sandboxes: Pick<Sandboxes, 'get'>
  desktops: {
    /** Whether the run's agent has control now. */
    holdsControl(projectId: ProjectId, runId: RunId): boolean
    runEnded(projectId: ProjectId, runId: RunId): Promise<void>
  }
  artifacts: {
    keep(projectId: ProjectId, name: string, mime: string, data: Uint8Array): Promise<ArtifactId>
    read(projectId: ProjectId, id: ArtifactId): Promise<{ size: number; body: ReadableStream<Uint8Array> }>
  }
  metrics: Pick<Metrics, 'runStarted' | 'runEnded' | 'failed'>
  clock: Clock
  log: Logger
  /** Something here is to go on at this moment, epoch ms. */
  onDue(at: number): void
  jobs: JobQueue
  /** A run is executed where its room is. */
  leases: Pick<Leases, 'tryHold' | 'onLost'>
}

/** The workspace of this deployment. */
export const tenantId = 'workspace'
