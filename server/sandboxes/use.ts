import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import type { ProcessIdentity } from '../rooms/port.ts'
import { isInOtherProcess } from '../rooms/service.ts'
import { hasRun } from '../runs/queries.ts'
import { hasProcesses } from './idle.ts'
import type { SandboxPorts } from './port.ts'
import type { Live } from './room.ts'
import { isIdle, isInUse } from './room-rules.ts'

export type Use = ReturnType<typeof createUse>

/** Who and what uses a sandbox now. */
export function createUse({
  database,
  clock,
  me,
  ports,
}: {
  database: Database
  clock: Clock
  /** This process, where others share the database. */
  me: ProcessIdentity | undefined
  ports(): SandboxPorts | undefined
}) {
  const peopleIn = (projectId: ProjectId): number => ports()?.peopleIn(projectId) ?? 0
  const runs = (projectId: ProjectId): Promise<boolean> => hasRun(database.db, projectId)
  const idle = (projectId: ProjectId, live: Live, idleMs: number): boolean => isIdle(live, peopleIn(projectId), clock.now(), idleMs)

  const isElsewhere = async (projectId: ProjectId): Promise<boolean> => me !== undefined && isInOtherProcess(database, projectId, me)

  return {
    peopleIn,
    /** Another process has the room: whether its sandbox is used is known there alone. */
    isElsewhere,
    hasRun: runs,
    isInUse: (projectId: ProjectId, live: Live): boolean => isInUse(live, peopleIn(projectId)),
    isIdle: idle,
    /** Programs go on inside, or a run does. */
    hasWork: async (projectId: ProjectId, live: Live): Promise<boolean> => (await hasProcesses(live.raw)) || (await runs(projectId)),
    /** Idle for so long, without a run or a program, and still idle once that is known. */
    isFree: async (projectId: ProjectId, live: Live, idleMs: number): Promise<boolean> =>
      idle(projectId, live, idleMs) &&
      !(await isElsewhere(projectId)) &&
      !(await runs(projectId)) &&
      !(await hasProcesses(live.raw)) &&
      idle(projectId, live, idleMs),
  }
}
