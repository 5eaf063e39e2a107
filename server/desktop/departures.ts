import type { ProjectId, RunId, UserId } from '#shared/base/ids.ts'
import type { DesktopControl } from '#shared/desktop/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Control } from './control.ts'
import { dropController } from './control-rules.ts'
import type { Times } from './control-rules.ts'

/** A person, or an agent by its run. */
type Gone = { userId: UserId } | { runId: RunId }

export type Departures = ReturnType<typeof createDepartures>

/** Somebody is gone: what they held goes to whoever is next. */
export function createDepartures({ control, clock, times }: { control: Control; clock: Clock; times: Times }) {
  const drop = (projectId: ProjectId, gone: Gone, requests: boolean): Promise<DesktopControl> =>
    control.change(projectId, (now, at) => dropController(now, gone, at, { requests, times }))

  return {
    /** They may come back to what they have asked for. */
    release: (projectId: ProjectId, gone: Gone) => drop(projectId, gone, false),
    /** With what they have asked for. */
    drop: (projectId: ProjectId, gone: Gone) => drop(projectId, gone, true),
    /** The same, without a write where they have nothing. */
    async dropIfThere(projectId: ProjectId, gone: Gone): Promise<void> {
      const now = await control.read(projectId)
      if (dropController(now, gone, clock.now()) !== now) await drop(projectId, gone, true)
    },
  }
}
